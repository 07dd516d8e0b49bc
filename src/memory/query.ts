import { analyze, fold } from "./analyze.ts";
import { QUESTION_WORDS, REQUEST_WORDS } from "./stop-words.ts";

/** Longer questions are read up to here, UTF-16 units. */
const MAX_QUESTION = 2_000;
/** Terms at most: those that come first. */
const MAX_TERMS = 48;

export interface QueryTerm {
  term: string;
  /** How much it counts, 1 for a word said once. */
  weight: number;
}

/** A question as it is searched for. */
export interface AnalyzedQuery {
  terms: QueryTerm[];
  /** Quoted phrases, each as its terms in order; what has them counts more. */
  phrases: string[][];
  /** Terms in the order of the question, for pairs that stand together. */
  sequence: string[];
}

const WORD = /[\p{L}\p{N}'_-]+/gu;
/** A capital marks a name: "Will" and "May" are people or months. */
const NAME = /^(?:Will|May|US)$/;
const QUOTED = /"([^"]{2,200})"|“([^”]{2,200})”|«([^»]{2,200})»/g;

/**
 * What a question seeks: its words without those that only make it a question. Words said twice count more, though not twice as much. Nothing is left of a text that has no
 * words of meaning. Never throws.
 */
export function analyzeQuery(text: string): AnalyzedQuery {
  const question = text.slice(0, MAX_QUESTION);
  const phrases = [...question.matchAll(QUOTED)]
    .map((match) => analyze(match[1] ?? match[2] ?? match[3] ?? ""))
    .filter((p) => p.length > 0);
  const without = (drop: (word: string) => boolean): string[] =>
    analyze(question.replaceAll("’", "'").replace(WORD, (word) => (drop(fold(word).replaceAll("'", "")) && !NAME.test(word) ? " " : word)));
  const sought = without((word) => QUESTION_WORDS.has(word) || REQUEST_WORDS.has(word));
  const sequence = (sought.length > 0 ? sought : without((word) => QUESTION_WORDS.has(word))).slice(0, MAX_TERMS * 2);
  const counts = new Map<string, number>();
  for (const term of sequence) counts.set(term, (counts.get(term) ?? 0) + 1);
  const terms = [...counts].slice(0, MAX_TERMS).map(([term, count]) => ({ term, weight: 1 + Math.log(count) }));
  return { terms, phrases, sequence };
}
