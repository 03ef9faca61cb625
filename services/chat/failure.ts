/** The closed list of reasons why a turn fails. Every other error is `internal`, with its details in `cause`. */

export type FailureCode = 'model_unavailable' | 'database_unavailable' | 'overloaded' | 'cancelled' | 'internal';

/** A stage of a turn. `admit` comes first: it checks the session and the idempotency key. */
export type StageName = 'admit' | 'recall' | 'retrieve' | 'generate' | 'record';

export type Failure = { readonly stage: StageName; readonly code: FailureCode };

/** Thrown by a stage or an adapter. `message` is for the log; users see the text of the code only. */
export class ChatFailure extends Error {
  readonly code: FailureCode;
  /** Seconds after which a retry may succeed; undefined where it will not. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: FailureCode, message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'ChatFailure';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** Safe to log: the message quotes no text of users. */
  get safeMessage(): string {
    return this.message;
  }
}
