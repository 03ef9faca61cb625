/** The metrics of the retrieval benchmark: recall@5, MRR@10 and nDCG@5 over labelled questions. */

export type RankedResult = {
  /** Whether each returned passage answers the question, best first. */
  readonly hits: readonly boolean[];
  /** How many passages answer it in total. */
  readonly relevant: number;
};

/** Means over questions, between 0 and 1. */
export type RetrievalMetrics = {
  /** Share of questions with an answering passage among the first five. */
  readonly recall5: number;
  /** 1 / rank of the first answering passage; 0 beyond rank 10. */
  readonly mrr10: number;
  /** Share of questions with an answering passage among the first fifty. */
  readonly recall50: number;
  /** Discounted gain of the first five passages, relative to the best possible order. */
  readonly ndcg5: number;
};

export function measure(results: readonly RankedResult[]): RetrievalMetrics {
  const mean = (value: (one: RankedResult) => number) =>
    results.reduce((sum, one) => sum + value(one), 0) / results.length;
  return {
    recall5: mean(({ hits }) => (hits.slice(0, 5).includes(true) ? 1 : 0)),
    recall50: mean(({ hits }) => (hits.slice(0, 50).includes(true) ? 1 : 0)),
    mrr10: mean(({ hits }) => {
      const first = hits.slice(0, 10).indexOf(true);
      return first === -1 ? 0 : 1 / (first + 1);
    }),
    ndcg5: mean(({ hits, relevant }) => gain(hits.slice(0, 5)) / gain(Array(Math.min(5, relevant)).fill(true))),
  };
}

function gain(hits: readonly boolean[]): number {
  return hits.reduce((sum, hit, place) => sum + (hit ? 1 / Math.log2(place + 2) : 0), 0);
}

/** The nearest-rank quantile: the smallest value that is not below `share` of the values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
