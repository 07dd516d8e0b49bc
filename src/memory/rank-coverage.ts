import { rarity } from "./rank-words.ts";

/** An entry by what it is a part of and which of the question's terms it has. */
export interface Covering {
  space: string;
  group: string | null;
  /** Places in the question's list of terms. */
  found: readonly number[];
}

/** How soon more entries of a group with the same term stop counting; BM25's k1. */
const MORE = 1.2;

/**
 * How well the group of each entry has the question's terms, all its entries together: BM25 with a group for a document and its entries that have a term for the term's occurrences.
 * Who is meant, what they did and when are seldom in one sentence of a conversation. How rare a term is is counted in groups too, among those that were found, so a name that is in
 * all of them weighs nothing. The length of a group is not known and not counted. What stands alone is a group of one; pieces of documents, which are long and say one thing, get 0.
 */
export function coverage(entries: readonly Covering[]): number[] {
  // Where nothing is a part of anything, all it could say is what the words have said.
  if (entries.every(({ group }) => group === null)) return entries.map(() => 0);
  const groups = new Map<string, Map<number, number>>();
  const keys = entries.map(({ space, group, found }, index) => {
    const key = group === null ? String(index) : `${space}\n${group}`;
    if (space === "knowledge") return null;
    const counts = groups.get(key) ?? new Map<number, number>();
    for (const term of found) counts.set(term, (counts.get(term) ?? 0) + 1);
    groups.set(key, counts);
    return key;
  });
  const frequency = new Map<number, number>();
  for (const counts of groups.values()) for (const term of counts.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const scores = new Map<string, number>();
  for (const [key, counts] of groups) {
    let score = 0;
    for (const [term, count] of counts) score += (rarity(groups.size, frequency.get(term) ?? 0) * count * (MORE + 1)) / (count + MORE);
    scores.set(key, score);
  }
  return keys.map((key) => (key === null ? 0 : (scores.get(key) ?? 0)));
}
