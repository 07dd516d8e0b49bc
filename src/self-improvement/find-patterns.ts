import type { Finding } from "./finding.ts";
import type { PastCall, PastRequest } from "./past-request.ts";
import { similarRequests } from "./similar-requests.ts";

/** From how many times, on how many days, something stands out. */
const OFTEN = { times: 3, days: 3 };
/** A request of fewer calls has no need of a skill. */
const WORTH_CALLS = 2;
/** From so many calls, or so many micro-dollars, a single time on, what is asked for again is slow. */
const SLOW = { calls: 10, microUsd: 100_000 };
/** Failures count from so many on, where at least this share of calls fails. */
const FAILING = { times: 3, share: 0.3 };
const SHOWN_TURNS = 8;

/**
 * What stands out in what was asked and done: requests that repeat and take several calls, those of them that are slow, and tools or skills that fail in the same way. By counting, without a model; pure.
 * The most worthwhile first: what happens often and costs much.
 */
export function findPatterns(requests: readonly PastRequest[]): Finding[] {
  return [...repeated(requests), ...failing(requests)].toSorted((a, b) => worth(b) - worth(a));
}

const worth = ({ kind, count, calls }: Finding): number => count * (kind === "failing" ? 5 : Math.max(1, calls));

function repeated(requests: readonly PastRequest[]): Finding[] {
  return similarRequests(requests).flatMap((group) => {
    const days = new Set(group.requests.map(({ day }) => day)).size;
    if (group.requests.length < OFTEN.times || days < OFTEN.days) return [];
    const calls = median(group.requests.map((request) => request.calls.length));
    const microUsd = median(group.requests.map((request) => request.microUsd));
    const slow = calls >= SLOW.calls || microUsd >= SLOW.microUsd;
    const skill = mostUsed(group.requests.flatMap((request) => request.calls));
    // Where a skill is used and does it quickly, all is well.
    if (calls < WORTH_CALLS || (skill !== null && !slow)) return [];
    const [newest] = group.requests;
    const title = `"${line(newest?.text ?? "", 80)}" and the like: ${group.requests.length} times on ${days} days, ${Math.round(calls)} steps each`;
    return [
      {
        kind: slow ? "slow" : "repeated",
        terms: group.terms,
        title,
        skill,
        count: group.requests.length,
        days,
        calls,
        ms: median(group.requests.map((request) => request.ms)),
        micro_usd: microUsd,
        turn_ids: group.requests.slice(0, SHOWN_TURNS).map(({ turnId }) => turnId),
      } satisfies Finding,
    ];
  });
}

function failing(requests: readonly PastRequest[]): Finding[] {
  const made = new Map<string, { all: number; failures: Map<string, { requests: PastRequest[]; error: string | null }> }>();
  for (const request of requests.toSorted((a, b) => b.at - a.at)) {
    for (const call of request.calls) {
      const name = call.skill === null ? call.tool : `${call.tool} ${call.skill}`;
      const of = made.get(name) ?? { all: 0, failures: new Map() };
      made.set(name, of);
      of.all++;
      if (!call.failed || call.error === null) continue;
      const shape = errorShape(call.error);
      const same = of.failures.get(shape) ?? { requests: [], error: null };
      // Shown is one that is in our words.
      same.error ??= call.outside ? null : call.error;
      of.failures.set(shape, same);
      same.requests.push(request);
    }
  }
  return [...made].flatMap(([name, { all, failures }]) =>
    [...failures].flatMap(([shape, same]) => {
      const days = new Set(same.requests.map(({ day }) => day)).size;
      const count = same.requests.length;
      if (count < FAILING.times || days < 2 || count / all < FAILING.share) return [];
      const [tool = "", skill = null] = name.split(" ");
      const what = skill === null ? tool : `The skill ${skill}`;
      const turns = [...new Set(same.requests.map(({ turnId }) => turnId))];
      return [
        {
          kind: "failing",
          terms: [tool, ...(skill === null ? [] : [skill]), shape],
          title: `${what} failed ${count} of ${all} times${same.error === null ? "" : `: ${line(same.error, 120)}`}`,
          skill,
          count,
          days,
          calls: median(same.requests.map((request) => request.calls.length)),
          ms: median(same.requests.map((request) => request.ms)),
          micro_usd: median(same.requests.map((request) => request.microUsd)),
          turn_ids: turns.slice(0, SHOWN_TURNS),
        } satisfies Finding,
      ];
    }),
  );
}

/** A skill that at least half of the calls were made for. */
function mostUsed(calls: readonly PastCall[]): string | null {
  const counts = new Map<string, number>();
  for (const { skill } of calls) if (skill !== null) counts.set(skill, (counts.get(skill) ?? 0) + 1);
  return [...counts].find(([, count]) => count * 2 >= calls.length)?.[0] ?? null;
}

/** An error without what differs from time to time: what is quoted, addresses, paths, ids, numbers. */
export const errorShape = (error: string): string =>
  error
    .slice(0, 400)
    .replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, "…")
    .replaceAll(/\b[a-z]+:\/\/\S+|(?:\/[\w.-]+)+/gi, "…")
    .replaceAll(/\b(?=[\w-]*\d)[\w-]+\b/g, "…")
    .replaceAll(/\s+/g, " ")
    .trim()
    .toLowerCase();

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function line(text: string, most: number): string {
  const one = text.replaceAll(/\s+/gu, " ").trim();
  return one.length <= most ? one : `${one.slice(0, most - 1).toWellFormed()}…`;
}
