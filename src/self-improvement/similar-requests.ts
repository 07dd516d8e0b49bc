import { analyze } from "../memory/analyze.ts";
import type { PastRequest } from "./past-request.ts";

/** Requests that ask for the same. */
export interface RequestGroup {
  /** Stems that most of them share, the most telling first. */
  terms: string[];
  requests: PastRequest[];
}

/** Of so many requests at most, the newest; comparing each with each group stays a matter of milliseconds. */
const MAX_REQUESTS = 1_000;
/** Share of weight that two requests have in common when they ask for the same. */
const ALIKE = 0.5;
/** Names of days and months and other words for when: the report for June and the one for July are the same request. */
const WHEN = new Set(
  analyze(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december today tomorrow yesterday week month year morning evening please",
  ),
);

/** Puts requests together that ask for the same, by the words they share. Pure; in the order of their size. */
export function similarRequests(requests: readonly PastRequest[]): RequestGroup[] {
  const newest = requests.toSorted((a, b) => b.at - a.at).slice(0, MAX_REQUESTS);
  const terms = newest.map(({ text }) => new Set(analyze(text.slice(0, 2_000)).filter((term) => !WHEN.has(term) && !/^\d/.test(term))));
  const weight = weights(terms);
  const groups: { counts: Map<string, number>; requests: PastRequest[] }[] = [];
  for (const [index, request] of newest.entries()) {
    const own = terms[index] ?? new Set<string>();
    // A word alone, such as "yes" or "go on", asks for nothing.
    if (own.size < 2) continue;
    const best = groups.map((group) => ({ group, alike: alikeness(own, shared(group), weight) })).toSorted((a, b) => b.alike - a.alike)[0];
    const group = best !== undefined && best.alike >= ALIKE ? best.group : { counts: new Map<string, number>(), requests: [] };
    if (group.requests.length === 0) groups.push(group);
    group.requests.push(request);
    for (const term of own) group.counts.set(term, (group.counts.get(term) ?? 0) + 1);
  }
  return groups
    .map((group) => ({
      terms: [...shared(group)].toSorted((a, b) => (weight.get(b) ?? 0) - (weight.get(a) ?? 0) || (a < b ? -1 : 1)).slice(0, 8),
      requests: group.requests,
    }))
    .toSorted((a, b) => b.requests.length - a.requests.length);
}

/** Stems that at least half of a group's requests have. */
const shared = ({ counts, requests }: { counts: ReadonlyMap<string, number>; requests: readonly unknown[] }): Set<string> =>
  new Set([...counts].filter(([, count]) => count * 2 >= requests.length).map(([term]) => term));

/** What a stem tells: the fewer requests have it, the more. */
function weights(all: readonly ReadonlySet<string>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const terms of all) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return new Map([...counts].map(([term, count]) => [term, Math.log(1 + all.length / count)]));
}

function alikeness(a: ReadonlySet<string>, b: ReadonlySet<string>, weight: ReadonlyMap<string, number>): number {
  const sum = (terms: readonly string[]): number => terms.reduce((total, term) => total + (weight.get(term) ?? 0), 0);
  const common = sum([...a].filter((term) => b.has(term)));
  const all = sum([...a]) + sum([...b]) - common;
  return all === 0 ? 0 : common / all;
}
