/** Turns whatever goes wrong with a model's server into a failure that tells the operator what to check. */
import { APIConnectionError, APIError } from 'openai';
import { ChatFailure } from '../chat/failure.ts';
import { type ModelSettings, TRY_AGAIN_AFTER_SECONDS } from './model-client.ts';

/** What went wrong in one attempt, and whether another may go better. */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure';
  readonly failure: ChatFailure;
  readonly mayRetry: boolean;
  /** Milliseconds that the server asked to wait; 0 where it said nothing. */
  readonly retryAfterMs: number;

  constructor(failure: ChatFailure, mayRetry: boolean, retryAfterMs = 0) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.mayRetry = mayRetry;
    this.retryAfterMs = retryAfterMs;
  }
}

/** An answer that does not follow the protocol. Never quotes it: it may hold text of users. */
export function nonsense(settings: ModelSettings, what: string): AttemptFailure {
  const message = `${place(settings)} ${what}: check that LLM_BASE_URL is a chat-completions API (it mostly ends in /v1)`;
  return new AttemptFailure(new ChatFailure('model_unavailable', message), false);
}

/** A stream that ended before its answer did. */
export function brokenOff(settings: ModelSettings, error?: unknown): AttemptFailure {
  return new AttemptFailure(unavailable(`${place(settings)} broke off its answer${reason(error)}`), true);
}

/** The server is there but gave nothing to use; asking it again at once would not help. */
export function gaveNothing(settings: ModelSettings, what: string): AttemptFailure {
  return new AttemptFailure(unavailable(`${place(settings)} ${what}`), false);
}

/**
 * Messages hold status, code and host, never a body: servers repeat prompts and parts of keys in theirs. For the same reason
 * the library's own errors are not kept as `cause`.
 */
export function attemptFailure(error: unknown, settings: ModelSettings): AttemptFailure {
  if (error instanceof AttemptFailure) return error;
  if (error instanceof APIConnectionError) {
    const message = `${place(settings)} cannot be reached${reason(error)}: check LLM_BASE_URL and that the server runs`;
    return new AttemptFailure(unavailable(message), true);
  }
  if (error instanceof APIError && error.status !== undefined) return refused(error, settings);
  if (error instanceof APIError)
    return new AttemptFailure(unavailable(`${place(settings)} reported an error in its answer`), true);
  if (error instanceof SyntaxError) return nonsense(settings, 'sent what is not JSON');
  return brokenOff(settings, error);
}

function refused(error: APIError, settings: ModelSettings): AttemptFailure {
  const status = error.status as number;
  const told = [error.code, error.type].find((word) => typeof word === 'string' && /^[\w.-]{1,60}$/.test(word));
  const answered = `${place(settings)} answered ${status}${told === undefined ? '' : ` (${told})`}`;
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    const retryAfterMs = retryAfter(error.headers);
    const seconds = Math.max(TRY_AGAIN_AFTER_SECONDS, Math.ceil(retryAfterMs / 1000));
    return new AttemptFailure(unavailable(answered, seconds), true, retryAfterMs);
  }
  const check =
    status === 401 || status === 403
      ? 'check LLM_API_KEY'
      : status === 404
        ? `check LLM_BASE_URL (it mostly ends in /v1) and that the server has LLM_MODEL ${settings.name}`
        : 'check LLM_MODEL, LLM_CONTEXT_WINDOW and what the server accepts';
  return new AttemptFailure(new ChatFailure('model_unavailable', `${answered}: ${check}`), false);
}

function unavailable(message: string, retryAfterSeconds = TRY_AGAIN_AFTER_SECONDS): ChatFailure {
  return new ChatFailure('model_unavailable', message, { retryAfterSeconds });
}

/** `Retry-After` in seconds or as a date, which the server's own clock is compared with. */
function retryAfter(headers: Headers | undefined): number {
  const told = headers?.get('retry-after') ?? '';
  const seconds = /^\d+(\.\d+)?$/.test(told)
    ? Number(told)
    : (Date.parse(told) - Date.parse(headers?.get('date') ?? '')) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : 0;
}

/** The code of a connection's error, wherever the layers put it. */
function reason(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = 'code' in at ? at.code : undefined;
    if (typeof code === 'string' && /^[A-Z_0-9]{1,60}$/.test(code)) return ` (${code})`;
  }
  return '';
}

function place({ baseUrl }: ModelSettings): string {
  return `the model's server at ${new URL(baseUrl).host}`;
}
