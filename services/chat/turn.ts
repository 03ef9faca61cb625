/** Every fact of one exchange: what the recorder, the metrics, the log and the reply read. */
import type { License } from '../provenance/license.ts';
import type { Failure } from './failure.ts';

/** The spec's citation, with what ties it to its passage. */
export type Citation = {
  /** What a reader recognises: a title, or a URI. */
  readonly source: string;
  readonly sourceType: 'note' | 'material' | 'document' | 'web';
  /** Text that the source is said to contain. */
  readonly excerpt: string;
  /** 0 to 1: how well the excerpt supports the sentence that cites it. */
  readonly confidence: number;
  /** ISO 8601, when the citation was made. */
  readonly timestamp: string;
  /** From 1; absent where the format has no pages. */
  readonly pageNumber?: number;
  /** Second of the recording at which the passage begins; absent where the source has no time. */
  readonly startSeconds?: number;
  /** From 0, within the content. */
  readonly paragraphIndex?: number;
  /** Whether the excerpt stands in the passage. Rows that others wrote leave it out, which means valid. */
  readonly valid: boolean;
  /** Where a browser opens the source, a recording at its second; absent where the source is nowhere on the web. */
  readonly url?: string;
  readonly contentId?: string;
  readonly passageId?: string;
};

export type Usage = {
  readonly promptTokens: number;
  /** The part of promptTokens that the model's server had cached. */
  readonly cachedPromptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
};

/** A reply that was given: answered, or an honest "not found in the materials". */
export type AnsweredTurn = {
  readonly outcome: 'answered' | 'no_answer';
  /** UUIDv7; the row's key, made before anything is written so that a retry writes the same row. */
  readonly id: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly askedAt: Date;
  readonly query: string;
  /** With marks [1], [2]… that point into `citations` (from 1). */
  readonly answer: string;
  readonly citations: readonly Citation[];
  /** Percent, 0–100, of the answer's sentences with a valid citation. */
  readonly citationRate: number;
  readonly model: string;
  /** Null where the model takes none. */
  readonly temperature: number | null;
  /** Tokens the model can read at once; null where unknown. */
  readonly contextWindowSize: number | null;
  /** Null: the model's server did not tell, which is not the same as no tokens. */
  readonly usage: Usage | null;
  /** Yen, to a millionth. Null: the model has no price. */
  readonly costJpy: number | null;
  /** Milliseconds from the question to the end of the answer. */
  readonly latencyMs: number;
  /** Milliseconds to the first piece of the answer; null where it came whole. */
  readonly timeToFirstTokenMs: number | null;
  /** 0–1; null: not judged. */
  readonly relevanceScore: number | null;
  /** Licence the answer may be reused under; null where it has no sources. */
  readonly license: License | null;
  /** Passages that matched and were not used, because a remote model may not see them. */
  readonly withheld: number;
  /** W3C trace id; null where the request is not traced. */
  readonly traceId: string | null;
};

/** A question that got no reply. Text of the user is not in it on purpose. */
export type FailedTurn = {
  readonly outcome: 'failed' | 'aborted';
  readonly id: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly askedAt: Date;
  readonly failure: Failure;
  readonly model: string | null;
  readonly latencyMs: number;
  readonly traceId: string | null;
};

export type Turn = AnsweredTurn | FailedTurn;

/** An earlier exchange of the same session: context for a model. */
export type PastTurn = { readonly query: string; readonly answer: string };
