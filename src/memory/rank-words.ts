import type { AnalyzedQuery } from "./query.ts";

/** What is known of all entries that are searched. */
export interface Collection {
  entries: number;
  /** Terms of all entries together. */
  length: number;
  /** In how many entries a term is. */
  frequency: ReadonlyMap<string, number>;
}

/** An entry's terms as they are stored: those of the heading, a line feed, those of the text, each between spaces. */
export type TermText = string;

export interface WordTuning {
  /** BM25: how soon more of the same word stops counting. */
  k1: number;
  /** BM25: how much length counts, 0 to 1. */
  b: number;
  /** What a term in the heading counts, in terms of the text. */
  heading: number;
  /** What two terms of the question that stand together add, of the lesser's weight. */
  pair: number;
  /** What a quoted phrase adds, of its terms' weight. */
  phrase: number;
}

/** For entries of a sentence, and for those of a paragraph or more. In short ones a word said twice and the length say less. */
const SHORT: WordTuning = { k1: 0.9, b: 0.4, heading: 2, pair: 0.3, phrase: 1 };
const LONG: WordTuning = { k1: 1.6, b: 0.65, heading: 2, pair: 0.2, phrase: 1 };
/** Terms of an entry on average that count as short and as long; between them it goes over evenly. */
const [SHORT_TERMS, LONG_TERMS] = [15, 60];

/** What fits a collection, by how long its entries are on average. Measured on public collections. */
export function wordTuning({ entries, length }: Pick<Collection, "entries" | "length">): WordTuning {
  const part = Math.min(1, Math.max(0, (length / Math.max(1, entries) - SHORT_TERMS) / (LONG_TERMS - SHORT_TERMS)));
  const between = (key: keyof WordTuning): number => SHORT[key] + part * (LONG[key] - SHORT[key]);
  return { k1: between("k1"), b: between("b"), heading: between("heading"), pair: between("pair"), phrase: between("phrase") };
}

export const termText = (heading: readonly string[], text: readonly string[]): TermText => ` ${heading.join(" ")} \n ${text.join(" ")} `;

/** How rare a term is (Lucene's form of BM25's, never negative). */
export const rarity = (entries: number, frequency: number): number => Math.log(1 + (entries - frequency + 0.5) / (frequency + 0.5));

/** What an entry's words say for it. */
export interface WordScore {
  /** 0: it has none of the question's. */
  score: number;
  /** Which of the question's terms it has, by their places in the question's list. */
  found: number[];
}

/** An entry's score from its terms, and how many they are. */
export type WordScorer = (terms: TermText, length: number) => WordScore;

/** Gives every entry its score for a question's words: BM25 with the heading as more of the same, and pairs and quoted phrases on top. */
export function wordScorer(query: AnalyzedQuery, collection: Collection, tuning: WordTuning = wordTuning(collection)): WordScorer {
  const { k1, b } = tuning;
  const average = Math.max(1, collection.length / Math.max(1, collection.entries));
  const weights = new Map<string, number>();
  for (const { term, weight } of query.terms) {
    const frequency = collection.frequency.get(term) ?? 0;
    if (frequency > 0) weights.set(term, weight * rarity(collection.entries, frequency));
  }
  const pairs: { text: string; weight: number }[] = [];
  for (let index = 0; index + 1 < query.sequence.length; index++) {
    const [first = "", second = ""] = query.sequence.slice(index, index + 2);
    const weight = Math.min(weights.get(first) ?? 0, weights.get(second) ?? 0);
    if (weight > 0 && first !== second) pairs.push({ text: ` ${first} ${second} `, weight: weight * tuning.pair });
  }
  for (const phrase of query.phrases) {
    const weight = phrase.reduce((sum, term) => sum + (weights.get(term) ?? 0), 0);
    if (weight > 0) pairs.push({ text: ` ${phrase.join(" ")} `, weight: weight * tuning.phrase });
  }
  const sought = query.terms.flatMap(({ term }, place) => {
    const weight = weights.get(term);
    return weight === undefined ? [] : [{ text: ` ${term} `, weight: weight * (k1 + 1), place }];
  });
  return (stored, length) => {
    const border = stored.indexOf("\n");
    const dampening = k1 * (1 - b + (b * length) / average);
    let score = 0;
    const found: number[] = [];
    for (const { text, weight, place } of sought) {
      let frequency = 0;
      // A term's last space is the next one's first.
      for (let at = stored.indexOf(text); at >= 0; at = stored.indexOf(text, at + text.length - 1))
        frequency += at < border ? tuning.heading : 1;
      if (frequency === 0) continue;
      found.push(place);
      score += (weight * frequency) / (frequency + dampening);
    }
    if (found.length > 1) for (const { text, weight } of pairs) if (stored.includes(text)) score += weight;
    return { score, found };
  };
}
