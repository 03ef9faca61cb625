/** The measures of the retrieval benchmark, over questions whose answering passages are known. */

export type Judged = {
  /** Whether each passage that was returned answers the question, best first. */
  readonly hits: readonly boolean[];
  /** How many passages answer it. */
  readonly relevant: number;
};

/** Means over questions. Each is between 0 and 1. */
export type Measures = {
  /** Share of questions with an answering passage among the first five: one of them is enough for an answer. */
  readonly recall5: number;
  /** 1 / the place of the first answering passage, 0 beyond the tenth. */
  readonly mrr10: number;
  /** Gain of the answering passages among the first five, discounted by place, over that of the best possible order. */
  readonly ndcg5: number;
};

export function measure(judged: readonly Judged[]): Measures {
  const mean = (value: (one: Judged) => number) => judged.reduce((sum, one) => sum + value(one), 0) / judged.length;
  return {
    recall5: mean(({ hits }) => (hits.slice(0, 5).includes(true) ? 1 : 0)),
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

/** The smallest value that `share` of the values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
