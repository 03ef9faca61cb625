/** A turn of another application, as REST and OTLP hand it over: what arrived, before anything is judged, priced or masked. */

import type { Turn } from '../chat/turn.ts';

/** Null everywhere below: it did not arrive. Missing is neither zero nor empty. */
export type ExternalTurn = {
  /** Name of the service that the key belongs to, never a field of the payload. */
  readonly service: string;
  /** The application's own id of the turn. */
  readonly id: string | null;
  /** 32 hex digits. */
  readonly traceId: string | null;
  /** 16 hex digits: the topmost AI span, which distinguishes the turns of one trace. */
  readonly rootSpanId: string | null;
  readonly askedAt: Date;
  readonly question: string | null;
  /** Null with `error`. Empty: the application answered nothing, which is "no answer". */
  readonly answer: string | null;
  readonly error: ExternalError | null;
  /** In the order of the prompt: a mark [n] means the n-th. Empty: retrieval found nothing. */
  readonly documents: readonly ExternalDocument[] | null;
  /** Every model call of the turn, leaf calls only. Empty: the application made none. */
  readonly calls: readonly ExternalCall[] | null;
  /** Milliseconds from the question to the end of the answer. */
  readonly latencyMs: number | null;
  /** Milliseconds from the question to the first piece of the answer. */
  readonly firstTokenMs: number | null;
  /** The application's id of the user: stored as a UUID made from it and the service. */
  readonly user: string | null;
  readonly session: string | null;
  readonly tenant: string | null;
  /** Version of the application, or hash of its prompt. */
  readonly release: string | null;
  /** The application says so itself; null: concluded from the answer. */
  readonly outcome: 'answered' | 'no_answer' | null;
  /** `stop`, `length` or another word. */
  readonly finishReason: string | null;
  readonly feedback: -1 | 0 | 1 | null;
  /** Names of fields that the sender dropped or truncated, for example `documents`, `answer`: what rests on them is not judged. */
  readonly dropped: readonly (keyof ExternalTurn)[];
  /** How it arrived: `rest`, or the name of the instrumentation that wrote the spans. */
  readonly dialect: string;
};

export type ExternalDocument = {
  readonly id: string | null;
  /** The text that the model was shown. */
  readonly text: string | null;
  readonly url: string | null;
  readonly title: string | null;
  /** As written by the application; recognised by provenance/license-names.ts. */
  readonly license: string | null;
  readonly score: number | null;
};

export type ExternalCall = {
  readonly model: string | null;
  readonly usage: ExternalUsage | null;
  readonly temperature?: number | null;
};

/** In tokens. */
export type ExternalUsage = {
  /** Whole prompt: cached tokens and those written to a cache are part of it. */
  readonly prompt: number;
  /** Whole completion: reasoning tokens are part of it. */
  readonly completion: number;
  /** Null: the sum of both. */
  readonly total: number | null;
  readonly cached: number | null;
  readonly cacheWrite: number | null;
  readonly reasoning: number | null;
};

/** Why a turn has no answer. The application's message is not kept: it may quote the user. */
export type ExternalError = {
  readonly stage: 'retrieve' | 'generate' | null;
  /** Name or code of the error, for example `RateLimitError`, `429`, `content_filter`. */
  readonly type: string | null;
};

/** Why citations or scores of a turn were not judged. */
export type NotJudged =
  | 'documents_missing'
  | 'documents_without_text'
  | 'documents_dropped'
  | 'answer_truncated'
  | 'other_language';

export type ExternalTurnRecord = {
  /** Repeated: the row existed and was left unchanged. Erased: the user was erased after the question, so nothing was stored. */
  readonly state: 'recorded' | 'repeated' | 'erased';
  readonly turn: Turn;
  /** Whether citations come from comparing sentences with documents, because the answer has no marks. */
  readonly attributed: boolean;
  /** Empty: everything was judged. */
  readonly notJudged: readonly NotJudged[];
  /** Cited documents that the register says may no longer be used, by id or address. */
  readonly expired: readonly string[];
};

/**
 * Records an external turn on the path of our own turns: mask → cite or attribute → price → score → record → count.
 *
 * Resolves when the row is durable. The same turn again (same service and id, or same service, trace and root span) is the same row.
 * @throws {ServiceFailure} `database_unavailable`, `overloaded`: a retry may succeed; `internal`: the row was rejected
 * @throws {TurnRefused} a retry will not succeed: the text could not be masked, or the service was removed
 */
export type RecordExternalTurn = (turn: ExternalTurn) => Promise<ExternalTurnRecord>;

/** Thrown for a turn that must not be stored. The message quotes no text of users. */
export class TurnRefused extends Error {
  readonly reason: 'mask_failed' | 'unknown_service' | 'account_missing';

  constructor(reason: TurnRefused['reason'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TurnRefused';
    this.reason = reason;
  }

  get safeMessage(): string {
    return this.message;
  }
}
