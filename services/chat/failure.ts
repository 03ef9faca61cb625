/** The closed list of ways in which a question fails. Whatever else happens is `internal`, its details in `cause`. */

export type FailureCode = 'model_unavailable' | 'database_unavailable' | 'overloaded' | 'cancelled' | 'internal';

/** A stage of the path of a question; `admit` comes before it: whose session it is, and whether it was asked before. */
export type StageName = 'admit' | 'recall' | 'retrieve' | 'generate' | 'record';

export type Failure = { readonly stage: StageName; readonly code: FailureCode };

/** Thrown by a stage or an adapter. `message` is for the log; users see only the code's own text. */
export class ChatFailure extends Error {
  readonly code: FailureCode;
  /** Seconds after which asking again may help; undefined where it will not. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: FailureCode, message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'ChatFailure';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** Logged: the message is ours and quotes no text of users. */
  get safeMessage(): string {
    return this.message;
  }
}
