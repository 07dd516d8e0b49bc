import { analyze } from "./analyze.ts";
import { askedBy } from "./attributes.ts";
import { analyzeQuery } from "./query.ts";
import { spelledAlike } from "./spelled-alike.ts";

/** The share of either's words that has to be in the other. */
const SHARE = 0.25;

/**
 * Whether a memory has to do with what was said, so that it may enter the context by itself: enough of its few words are in it, or enough of the words said are in the memory. One common
 * word in a long sentence is no reason.
 */
export function concerns(said: string, memory: string): boolean {
  const asked = new Set(analyzeQuery(said).terms.map(({ term }) => term));
  const own = new Set(analyze(memory));
  const all = new Set([...own, ...analyze(askedBy(memory))]);
  let shared = 0;
  for (const term of all) if (asked.has(term) || [...asked].some((other) => spelledAlike(term, other))) shared++;
  return shared > 0 && (shared / Math.max(1, own.size) >= SHARE || shared / asked.size >= SHARE);
}
