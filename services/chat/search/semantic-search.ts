/** The request and the result of a search by meaning. */
import type { Requester, SearchFilters } from '../retrieve.ts';

export type NearPassage = {
  readonly passageId: string;
  /** The cosine of its vector and the question's. */
  readonly similarity: number;
};

export type NearPassages = {
  /** Best first; only what the user may read and what matches the filters. */
  readonly passages: readonly NearPassage[];
  /**
   * By how many standard deviations the best similarity exceeds the mean of passages taken at random: comparable between models,
   * which a similarity is not. Null: too few passages.
   */
  readonly standsOut: number | null;
};

/** Null where it cannot search: no vectors are complete, or the embeddings server is unavailable. It never throws for these. */
export type SearchByMeaning = (request: {
  readonly query: string;
  readonly requester: Pick<Requester, 'groups' | 'country' | 'ip'>;
  readonly commercialUse: boolean;
  readonly filters: SearchFilters | null;
  readonly now: Date;
  readonly limit: number;
  readonly signal: AbortSignal;
}) => Promise<NearPassages | null>;

/** Why a search by meaning did or did not take place. */
export type SemanticResult = 'ok' | 'unreachable' | 'not_ready';
