/** The request and the result of scoring an answer. */
import type { Quality } from './quality.ts';
import type { RetrievedPassage } from './retrieve.ts';

export type Scored = {
  /** 0 to 1, to two decimals, as recorded; null: not judged, or by a score that is not validated. */
  readonly relevance: number | null;
  /** All scores, validated or not: votes are compared with them. */
  readonly quality: Quality;
};

/** Never fails: without vectors, words decide. */
export type Score = (answered: {
  readonly query: string;
  /** With marks. */
  readonly answer: string;
  readonly outcome: 'answered' | 'no_answer';
  /** What the answer was written from, best first. */
  readonly passages: readonly RetrievedPassage[];
  /** Inverse document frequency of the question's words; null: not known. */
  readonly wordWeights: ReadonlyMap<string, number> | null;
}) => Scored | Promise<Scored>;
