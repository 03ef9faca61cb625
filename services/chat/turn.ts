/** One turn, a question with its answer: what the recorder, the metrics, the log and the reply read. */

import type { FailureCode } from '../failure/service-failure.ts';
import type { License } from '../provenance/license.ts';
import type { Quality } from './quality.ts';

/** The specification's citation, with the keys of its passage. */
export type Citation = {
  /** A title or a URI. */
  readonly source: string;
  readonly sourceType: 'note' | 'material' | 'document' | 'web';
  /** The text that the answer attributes to the source. */
  readonly excerpt: string;
  /**
   * 0 to 1, calibrated: the probability that the excerpt supports the sentence that cites it. Without a model, whose sentences are
   * quotations, that they answer the question.
   */
  readonly confidence: number;
  /** ISO 8601, when the citation was made. */
  readonly timestamp: string;
  /** From 1; absent where the format has no pages. */
  readonly pageNumber?: number;
  /** Second of the recording at which the passage begins; absent for sources without time codes. */
  readonly startSeconds?: number;
  /** From 0, within the document. */
  readonly paragraphIndex?: number;
  /** Whether the passage contains the excerpt. Null: not judged. Rows of other programs leave it out, which means valid. */
  readonly valid: boolean | null;
  /** Web address of the source, of a recording at its second; absent for sources without one. */
  readonly url?: string;
  readonly contentId?: string;
  readonly passageId?: string;
  /** Where the answer cites it; every other bracket of the answer is text. Rows of other programs leave it out. */
  readonly marks?: readonly MarkOffsets[];
};

/** A document close to a question that nothing answers. Not a citation: nothing of it is quoted, and it is not recorded. */
export type RelatedDocument = {
  /** The document's content id. */
  readonly documentId: string;
  readonly title: string;
  /** The section closest to the question; absent for documents without headings. */
  readonly heading?: string;
  /** Web address; absent for documents without one. */
  readonly url?: string;
};

/** Of one mark such as `[1]` within an answer: UTF-16, from 0, `end` exclusive. */
export type MarkOffsets = { readonly start: number; readonly end: number };

export type Usage = {
  readonly promptTokens: number;
  /** The part of promptTokens that the model server read from its cache. */
  readonly cachedPromptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
};

/** What another application reports besides a turn. Null: not reported. */
export type ExternalOrigin = {
  /** `rag_service.name`. */
  readonly service: string;
  readonly release: string | null;
  readonly tenant: string | null;
  /** Whether citations come from comparing sentences with documents, because the answer has no marks. */
  readonly attributed: boolean;
  readonly intake: {
    /** ISO 8601. Counters count a turn when it arrives, its row is dated when it was asked. */
    readonly receivedAt: string;
    /** Random: of several reports of one turn, the one that made the row. */
    readonly report: string;
    /** `rest`, or the instrumentation that wrote the spans. */
    readonly dialect: string;
    /** Names of fields. */
    readonly missing: readonly string[];
    readonly dropped: readonly string[];
    /** Why citations or scores were not judged. */
    readonly notJudged: readonly string[];
    /** Cited documents that may no longer be used, by id or address. */
    readonly expired: readonly string[];
  };
};

/** A turn with a reply: an answer, or "not found in the materials". */
export type AnsweredTurn = {
  /** chitchat: a greeting, thanks or a question about the service, which is neither an answer nor a question without one. */
  readonly outcome: 'answered' | 'no_answer' | 'chitchat';
  /** UUIDv7: the row's key, assigned before the first write so that a retry writes the same row. */
  readonly id: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly askedAt: Date;
  readonly query: string;
  /** With marks [1], [2]… that refer to `citations`, from 1. */
  readonly answer: string;
  readonly citations: readonly Citation[];
  /** Where nothing answers: the documents closest to the question. Shown once and not recorded. */
  readonly related?: readonly RelatedDocument[];
  /** Percent, 0–100, of the answer's judged claims with a valid citation; null: no claim could be judged. */
  readonly citationRate: number | null;
  readonly model: string;
  /** Why the model stopped: `stop`, `length` (the answer is truncated) or another word; null where it did not say. */
  readonly finishReason: string | null;
  /** Null: the model has none. */
  readonly temperature: number | null;
  /** In tokens; null where unknown. */
  readonly contextWindowSize: number | null;
  /** Null: the model server did not report it. Unknown is not zero. */
  readonly usage: Usage | null;
  /** Yen, to a millionth. Null: the model has no price. */
  readonly costJpy: number | null;
  /** Milliseconds from the question to the end of the answer; null where another application did not report it. */
  readonly latencyMs: number | null;
  /** Milliseconds from the question to the first piece of the answer; null for answers that arrived whole. */
  readonly timeToFirstTokenMs: number | null;
  /** 0–1; null: not judged, or by a score that is not validated. */
  readonly relevanceScore: number | null;
  /** All quality scores, validated or not; absent: none was calculated. */
  readonly quality?: Quality;
  /** Licence under which the answer may be reused; null for answers without sources. */
  readonly license: License | null;
  /** Matching passages left out because a remote model must not see them. */
  readonly withheld: number;
  /** W3C trace id; null for requests without a trace. */
  readonly traceId: string | null;
  /** Absent: our own turn. */
  readonly external?: ExternalOrigin;
};

/** A turn without a reply. It deliberately contains no text of the user. */
/** A stage of a turn. `admit` comes first: it checks the session and the idempotency key. */
export type StageName = 'admit' | 'recall' | 'retrieve' | 'generate' | 'record';

export type Failure = { readonly stage: StageName; readonly code: FailureCode };

export type FailedTurn = {
  /** Rejected: the model's side refused the question, so it is no error. */
  readonly outcome: 'failed' | 'aborted' | 'rejected';
  readonly id: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly askedAt: Date;
  readonly failure: Failure;
  readonly model: string | null;
  readonly latencyMs: number | null;
  readonly traceId: string | null;
  /** Absent: our own turn. */
  readonly external?: ExternalOrigin;
};

export type Turn = AnsweredTurn | FailedTurn;

/** An earlier turn of the same session: context for a model. */
export type PastTurn = { readonly query: string; readonly answer: string };
