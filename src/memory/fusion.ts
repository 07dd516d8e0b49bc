/** Scores of one source by candidate; absent: it says nothing of it. */
export type Scores = readonly (number | null)[];

/** Brings scores to 0…1: the best is 1, what is at `floor` or below is 0. */
export function scaled(scores: Scores, floor: number): number[] {
  let best = floor;
  for (const score of scores) if (score !== null && score > best) best = score;
  const span = best - floor;
  return scores.map((score) => (score === null || span <= 0 ? 0 : Math.max(0, (score - floor) / span)));
}

/** Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): the sum of weight / (k + rank). */
export function reciprocalRanks(sources: readonly { scores: Scores; weight: number }[], k = 60): number[] {
  const sums = Array.from(sources[0]?.scores ?? [], () => 0);
  for (const { scores, weight } of sources) {
    const order = [...scores.keys()].filter((index) => (scores[index] ?? 0) > 0).toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    for (const [rank, index] of order.entries()) sums[index] = (sums[index] ?? 0) + weight / (k + rank + 1);
  }
  return sums;
}
