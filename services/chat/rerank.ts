/** The request and the result of reranking. */

/**
 * Scores how well each text answers the question; larger is better, comparable within one call only. Null where the reranker is
 * unavailable: the order stays as it is. It throws only when the signal aborts.
 */
export type Rerank = (
  query: string,
  texts: readonly string[],
  signal: AbortSignal,
) => Promise<readonly number[] | null>;
