/** The request and the result of answer generation. */
import type { Asked } from './gate/asked-words.ts';
import type { RetrievedPassage } from './retrieve.ts';
import type { PastTurn, Usage } from './turn.ts';

export type GenerationRequest = {
  readonly query: string;
  readonly history: readonly PastTurn[];
  /** Best first; a mark [n] in the text means the n-th of these, from 1. Empty: nothing was found. */
  readonly passages: readonly RetrievedPassage[];
  /** What retrieval found out about the question; absent or null: nothing. */
  readonly asked?: Asked | null;
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
  /** How likely the quoted text answers the question, 0 to 1, calibrated; absent for models, which decide themselves. */
  readonly likelihood?: number;
  /** What the materials lack, in the question's letters; absent or null: not known. */
  readonly notFound?: string | null;
};

/** @throws {ServiceFailure} with a code that says whether the model server, its configuration or the question is the cause */
export type Generate = (request: GenerationRequest) => Promise<Generation>;
