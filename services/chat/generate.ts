/** The request and the result of answer generation. */
import type { RetrievedPassage } from './retrieve.ts';
import type { PastTurn, Usage } from './turn.ts';

export type GenerationRequest = {
  readonly query: string;
  readonly history: readonly PastTurn[];
  /** Best first; a mark [n] in the text means the n-th of these, from 1. Empty: nothing was found. */
  readonly passages: readonly RetrievedPassage[];
  readonly signal: AbortSignal;
  readonly onDelta?: (text: string) => void;
};

export type Generation = {
  /** The answer with marks [n] that refer to the request's passages. Empty: the passages do not answer the question. */
  readonly text: string;
  readonly model: string;
  /** `stop`, `length` (the text is truncated) or another word in snake case; null where the model did not say. */
  readonly finishReason: string | null;
  readonly temperature: number | null;
  readonly contextWindowSize: number | null;
  /** Null: the model server did not report it. */
  readonly usage: Usage | null;
  /** Milliseconds on the flow's clock; null for answers that arrived whole. */
  readonly firstTokenAt: number | null;
};

/** @throws {ServiceFailure} with a code that says whether the model server, its configuration or the question is the cause */
export type Generate = (request: GenerationRequest) => Promise<Generation>;
