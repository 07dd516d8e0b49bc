/** How good one ranking is, each 0 to 1. Relevance is yes or no. */
export interface Metrics {
  recall_at_5: number;
  recall_at_10: number;
  ndcg_at_10: number;
  mrr: number;
}

const recall = (ranking: readonly string[], relevant: ReadonlySet<string>, depth: number): number =>
  ranking.slice(0, depth).filter((id) => relevant.has(id)).length / relevant.size;

/** A ranking without repeats against what is relevant, which is not empty. nDCG as Järvelin and Kekäläinen (2002), with a gain of 1. */
export function measure(ranking: readonly string[], relevant: ReadonlySet<string>): Metrics {
  let gain = 0;
  let ideal = 0;
  for (let rank = 0; rank < 10; rank++) {
    const discount = 1 / Math.log2(rank + 2);
    const id = ranking[rank];
    if (id !== undefined && relevant.has(id)) gain += discount;
    if (rank < relevant.size) ideal += discount;
  }
  const first = ranking.findIndex((id) => relevant.has(id));
  return {
    recall_at_5: recall(ranking, relevant, 5),
    recall_at_10: recall(ranking, relevant, 10),
    ndcg_at_10: gain / ideal,
    mrr: first < 0 ? 0 : 1 / (first + 1),
  };
}

/** The mean of each, over queries. */
export function mean(all: readonly Metrics[]): Metrics {
  const of = (key: keyof Metrics): number =>
    all.length === 0 ? 0 : Number((all.reduce((sum, one) => sum + one[key], 0) / all.length).toFixed(4));
  return { recall_at_5: of("recall_at_5"), recall_at_10: of("recall_at_10"), ndcg_at_10: of("ndcg_at_10"), mrr: of("mrr") };
}
