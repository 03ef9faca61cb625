/** The closed list of reasons why a request to this service fails. Every other error is `internal`, with its details in `cause`. */

/** Codes of questions that the model's side does not answer. They are outcomes of the question, not errors of this service. */
const rejectionCodes = ['content_filtered', 'context_exceeded', 'model_refused', 'tool_called'] as const;

export const failureCodes = [
  'model_unavailable',
  'model_unreachable',
  'model_silent',
  'model_protocol',
  'model_key',
  'model_quota',
  'model_rate_limited',
  ...rejectionCodes,
  'database_unavailable',
  'overloaded',
  'cancelled',
  'internal',
] as const;

export type FailureCode = (typeof failureCodes)[number];

/** Failed: an error of this service or of what it depends on. Rejected: see `rejectionCodes`. Aborted: the client disconnected. */
export function outcomeOf(code: FailureCode): 'failed' | 'aborted' | 'rejected' {
  if (code === 'cancelled') return 'aborted';
  return (rejectionCodes as readonly string[]).includes(code) ? 'rejected' : 'failed';
}

/** Thrown by a stage of a turn or by an adapter. `message` is for the log. Users see the text of the code only. */
export class ServiceFailure extends Error {
  readonly code: FailureCode;
  /** Seconds after which a retry may succeed; undefined where it will not. */
  readonly retryAfterSeconds: number | undefined;

  /** The model that was asked; null before one is. */
  readonly model: string | null;

  constructor(
    code: FailureCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number; model?: string } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'ServiceFailure';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.model = options.model ?? null;
  }

  /** Safe to log: the message quotes no text of users. */
  get safeMessage(): string {
    return this.message;
  }
}
