import { scaled, type Scores } from "./fusion.ts";
import { coverage } from "./rank-coverage.ts";
import { GROUP_TUNING, type GroupTuning, supported } from "./rank-groups.ts";
import type { Space } from "./search.ts";
import type { TimeRange } from "./time-range.ts";

/** One that may be an answer, with what is known of it. */
export interface Candidate {
  row: number;
  space: Space;
  id: string;
  group: string | null;
  position: number;
  at: number | null;
  /** 0: none of the question's words. */
  words: number;
  /** Which of the question's terms it has, by their places. */
  found: readonly number[];
  /** Cosine; null: not known. */
  meaning: number | null;
  /** Equal for texts of the same words in the same order. */
  terms: string;
}

export interface RankTuning extends GroupTuning {
  /** What meaning counts beside words (1), with 1 for the best of either: for short entries, and for pieces of documents. */
  meaning: number;
  meaningInKnowledge: number;
  /** What it adds that a group has the question's words, all its parts together, with 1 for the best words of one part. */
  coverage: number;
  /** What lying in the time that was asked about adds, with 1 for the best words. */
  time: number;
  /** How long after that time it is still likely to be spoken of, milliseconds, and what share of `time` that is. */
  aftermath: number;
  later: number;
  /** What being new adds, halved every `halfLife` milliseconds. */
  recency: number;
  halfLife: number;
  /** How many pieces of one document may stand before others have had their turn. */
  perDocument: number;
}

const DAY = 86_400_000;

export const RANK_TUNING: RankTuning = {
  ...GROUP_TUNING,
  meaning: 0.3,
  meaningInKnowledge: 0.5,
  coverage: 0.6,
  time: 1.2,
  aftermath: 7 * DAY,
  later: 0.6,
  recency: 0.02,
  halfLife: 90 * DAY,
  perDocument: 4,
};

export interface Ranked {
  candidate: Candidate;
  score: number;
  why: ("words" | "meaning" | "time")[];
}

export interface RankQuery {
  mode: "lexical" | "vector" | "hybrid";
  /** UTC milliseconds. */
  now: number;
  range: TimeRange | null;
}

/** Best first. Equal ones are ordered by time, newest first, then by row. What nothing speaks for is left out. */
export function rank(candidates: readonly Candidate[], { mode, now, range }: RankQuery, tuning: RankTuning = RANK_TUNING): Ranked[] {
  const none = candidates.map(() => 0);
  const cosines = candidates.map(({ meaning }) => meaning);
  const words =
    mode === "vector"
      ? none
      : scaled(
          candidates.map((one) => one.words),
          0,
        );
  const meaning = mode === "lexical" ? none : scaled(cosines, floorOf(cosines));
  const relevance = candidates.map(({ space }, index) => {
    const factor = mode === "vector" ? 1 : space === "knowledge" ? tuning.meaningInKnowledge : tuning.meaning;
    return (words[index] ?? 0) + factor * (meaning[index] ?? 0);
  });
  const scores = supported(candidates, relevance, tuning);
  const covered = scaled(coverage(candidates), 0);
  const ranked: Ranked[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const { at } = candidate;
    const inTime = range === null || at === null ? 0 : timeliness(at, range, tuning);
    const relevant = scores[index] ?? 0;
    if (relevant <= 0 && inTime === 0) continue;
    const age = at === null ? Number.POSITIVE_INFINITY : Math.max(0, now - at);
    const score =
      relevant + tuning.coverage * (covered[index] ?? 0) + tuning.time * inTime + tuning.recency * 2 ** (-age / tuning.halfLife);
    const why: Ranked["why"] = [];
    if ((words[index] ?? 0) > 0) why.push("words");
    if ((meaning[index] ?? 0) > 0) why.push("meaning");
    if (inTime > 0) why.push("time");
    ranked.push({ candidate, score, why });
  }
  ranked.sort((a, b) => b.score - a.score || (b.candidate.at ?? 0) - (a.candidate.at ?? 0) || a.candidate.row - b.candidate.row);
  return varied(ranked, tuning.perDocument);
}

/** Among many candidates the lowest says what an unrelated text comes to; few say nothing of that. */
const MANY = 50;

function floorOf(cosines: Scores): number {
  let [lowest, known] = [1, 0];
  for (const one of cosines) {
    if (one === null) continue;
    known++;
    lowest = Math.min(lowest, one);
  }
  return Math.max(0, lowest) * Math.min(1, known / MANY);
}

/** 1 within the time, less soon after it, else 0: what happened on a day is also told in the days that follow. */
function timeliness(at: number, range: TimeRange, { aftermath, later }: RankTuning): number {
  if (at < range.from) return 0;
  if (at < range.to) return 1;
  return at < range.to + aftermath ? later : 0;
}

/** The same words again, and one document's many pieces, wait until others have been shown. */
function varied(ranked: readonly Ranked[], perDocument: number): Ranked[] {
  const seen = new Set<string>();
  const shown = new Map<string, number>();
  const groups = new Set(ranked.map(({ candidate }) => candidate.group));
  const [first, rest]: [Ranked[], Ranked[]] = [[], []];
  for (const one of ranked) {
    const { space, group, terms } = one.candidate;
    const count = (shown.get(group ?? "") ?? 0) + 1;
    const many = space === "knowledge" && group !== null && groups.size > 1 && count > perDocument;
    if (seen.has(terms) || many) {
      rest.push(one);
      continue;
    }
    seen.add(terms);
    if (space === "knowledge" && group !== null) shown.set(group, count);
    first.push(one);
  }
  return [...first, ...rest];
}
