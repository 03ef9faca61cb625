/** Turns the errors of a model server into failures that name what to check. */
import { connectionAdvice, connectionCode } from '../failure/check.ts';
import { type FailureCode, ServiceFailure } from '../failure/service-failure.ts';
import { describeKey } from './key-characters.ts';
import { type ModelSettings, RefusedRequest, TRY_AGAIN_AFTER_SECONDS, UnusableKey } from './model-client.ts';

/** The failure of one attempt, and whether another attempt may succeed. */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure';
  readonly failure: ServiceFailure;
  readonly mayRetry: boolean;
  /** Milliseconds that the server asked to wait; 0 where it did not say. */
  readonly retryAfterMs: number;

  constructor(failure: ServiceFailure, mayRetry: boolean, retryAfterMs = 0) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.mayRetry = mayRetry;
    this.retryAfterMs = retryAfterMs;
  }
}

/** An error that a server reports with status 200: in its stream, or as a whole body. */
export class ReportedError extends Error {
  override readonly name = 'ReportedError';
  readonly error: unknown;

  constructor(error: unknown) {
    super('the model server reported an error in its answer');
    this.error = error;
  }
}

/** Codes that a later question, or the same one, may get past without the operator. */
const passing: ReadonlySet<FailureCode> = new Set([
  'model_unavailable',
  'model_unreachable',
  'model_silent',
  'model_rate_limited',
]);

/** `what` continues "the model server at HOST …" and never quotes an answer: it may contain text of users. */
export function failed(
  settings: ModelSettings,
  code: FailureCode,
  what: string,
  { mayRetry = false, retryAfterMs = 0 } = {},
): AttemptFailure {
  const message = `the model server at ${new URL(settings.baseUrl).host} ${what}`;
  const seconds = Math.max(TRY_AGAIN_AFTER_SECONDS, Math.ceil(retryAfterMs / 1000));
  const retryAfterSeconds = passing.has(code) ? { retryAfterSeconds: seconds } : {};
  const failure = new ServiceFailure(code, message, { model: settings.name, ...retryAfterSeconds });
  return new AttemptFailure(failure, mayRetry, retryAfterMs);
}

/** An answer that does not follow the protocol. */
export function protocolFailure(settings: ModelSettings, what: string): AttemptFailure {
  const check = 'check that LLM_BASE_URL is a chat-completions API (it usually ends in /v1)';
  return failed(settings, 'model_protocol', `${what}: ${check}`);
}

/** A stream that ended before its answer did. */
export function brokenOff(settings: ModelSettings, error?: unknown): AttemptFailure {
  return failed(settings, 'model_unavailable', `broke off its answer${reason(error)}`, { mayRetry: true });
}

/**
 * Messages contain status, code and host, never a body: servers repeat prompts and parts of keys in theirs. For the same
 * reason the original errors are not kept as `cause`.
 */
export function attemptFailure(error: unknown, settings: ModelSettings): AttemptFailure {
  if (error instanceof AttemptFailure) return error;
  if (error instanceof UnusableKey) {
    return failed(settings, 'model_key', `was not asked: ${error.message}`);
  }
  if (error instanceof RefusedRequest) return refused(error, settings);
  if (error instanceof ReportedError) return reported(error, settings);
  if (error instanceof SyntaxError) return protocolFailure(settings, 'sent what is not JSON');
  // undici reports connections that fail before a response as "fetch failed", and later ones as "terminated".
  if (error instanceof TypeError && error.message === 'fetch failed') {
    const what = `cannot be reached${reason(error)}: ${connectionAdvice(connectionCode(error), 'LLM_BASE_URL')}`;
    return failed(settings, 'model_unreachable', what, { mayRetry: true });
  }
  return brokenOff(settings, error);
}

function refused({ status, headers, body }: RefusedRequest, settings: ModelSettings): AttemptFailure {
  const words = wordsOf(body);
  const answered = `answered ${status}${words.printable === null ? '' : ` (${words.printable})`}`;
  const code = codeOf(status, words, body);
  const options =
    code === 'model_rate_limited' || code === 'model_unavailable'
      ? { mayRetry: true, retryAfterMs: retryAfter(headers) }
      : {};
  return failed(settings, code, `${answered}${advice(code, status, settings)}`, options);
}

function reported({ error }: ReportedError, settings: ModelSettings): AttemptFailure {
  const words = wordsOf({ error });
  const status = statusIn(error);
  const code = codeOf(status ?? 500, words, { error });
  const detail = [status, words.printable].filter((each) => each !== null).join(' ');
  const what = `reported an error in its answer${detail === '' ? '' : ` (${detail})`}${advice(code, status ?? 500, settings)}`;
  return failed(settings, code, what, { mayRetry: code === 'model_unavailable' || code === 'model_rate_limited' });
}

function codeOf(status: number, { all }: Words, body: unknown): FailureCode {
  if (/content_?filter|content_?policy|responsible_?ai|safety|moderat|prohibited|flagged|data_inspection/.test(all)) {
    return 'content_filtered';
  }
  if (
    /context_?(?:length|window|size)|above_max_length|prompt_?too_?long|input_?too_?long|too_?many_?tokens/.test(all)
  ) {
    return 'context_exceeded';
  }
  if (status === 413 || (status === 400 && namesTokenLimit(body))) return 'context_exceeded';
  if (
    status === 402 ||
    /insufficient_?(?:quota|balance|credit|fund)|billing|quota_?exceeded|out_?of_?credit/.test(all)
  ) {
    return 'model_quota';
  }
  if (status === 401 || status === 403 || /invalid_?api_?key|authentication|permission/.test(all)) return 'model_key';
  if (status === 429 || /rate_?limit|too_?many_?requests/.test(all)) return 'model_rate_limited';
  if (status === 408 || status === 409 || status >= 500) return 'model_unavailable';
  return 'model_protocol';
}

function advice(code: FailureCode, status: number, { name, apiKey }: ModelSettings): string {
  switch (code) {
    case 'model_key':
      if (apiKey === undefined) return ': set LLM_API_KEY, or LLM_HEADERS where the server reads another header';
      return `: ${describeKey('LLM_API_KEY', apiKey) ?? 'check LLM_API_KEY'}`;
    case 'model_quota':
      return ': check the quota and billing of the account behind LLM_API_KEY';
    case 'context_exceeded':
      return ': set LLM_CONTEXT_WINDOW to the context window of the model';
    case 'model_protocol':
      return status === 404
        ? `: check LLM_BASE_URL (it usually ends in /v1) and that the server has LLM_MODEL ${name}`
        : ': check LLM_MODEL, LLM_CONTEXT_WINDOW and what the server accepts';
    default:
      return '';
  }
}

type Words = { readonly all: string; readonly printable: string | null };

/** The codes and types of an error, wherever servers put them; never its message, which may quote the user. */
function wordsOf(body: unknown): Words {
  const found: string[] = [];
  let code: string | null = null;
  const visit = (value: unknown, depth: number) => {
    if (typeof value !== 'object' || value === null || depth > 4) return;
    for (const [key, inner] of Object.entries(value)) {
      if (/^(?:code|type|status|reason|flagged_input)$/.test(key) && /^[\w.-]{1,60}$/.test(String(inner))) {
        found.push(key === 'flagged_input' ? 'flagged' : String(inner));
        if (key === 'code' && typeof inner === 'string' && !/^\d+$/.test(inner)) code ??= inner;
      } else if (key === 'flagged_input') found.push('flagged');
      visit(inner, depth + 1);
    }
  };
  visit(body, 0);
  const named = found.filter((word) => !/^\d+$/.test(word) && word !== 'null' && word !== 'undefined');
  return { all: named.join(' ').replaceAll('-', '_').toLowerCase(), printable: code ?? named[0] ?? null };
}

/** vLLM, llama.cpp and others report a full context in the message alone. A number beside the words keeps quoted questions out. */
function namesTokenLimit(body: unknown): boolean {
  const text = JSON.stringify(body) ?? '';
  return /(?:maximum context length (?:is|of) \d+|context (?:size|window|length)[^.]{0,40}\d+ tokens)/i.test(text);
}

/** Some servers put the status into the error itself, as a number. */
function statusIn(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  const named = ['code', 'status', 'status_code'].map((key) => (error as Record<string, unknown>)[key]);
  return named.map(Number).find((value) => value >= 400 && value < 600) ?? null;
}

/** In milliseconds. `Retry-After` may be a date, which is compared with the server's own clock. */
export function retryAfter(headers: Headers): number {
  const ms = Number(headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const value = headers.get('retry-after') ?? '';
  const seconds = /^\d+(\.\d+)?$/.test(value)
    ? Number(value)
    : (Date.parse(value) - Date.parse(headers.get('date') ?? '')) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : 0;
}

function reason(error: unknown): string {
  const code = connectionCode(error);
  return code === null ? '' : ` (${code})`;
}
