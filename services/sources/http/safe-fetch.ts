/** The SSRF-safe HTTP client of sources: limits addresses, size, time and request rate; retries with back-off and jitter. */
import { setTimeout as pause } from 'node:timers/promises';
import pRetry from 'p-retry';
import { fetch, Headers, type RequestInit, Response } from 'undici';
import { SourceError, SourceUnavailable } from '../source-error.ts';
import type { Pace } from './pace.ts';
import { readLimited } from './read-limited.ts';
import type { Dispatchers } from './refuse-private.ts';
import { retryAfterMs } from './retry-after.ts';

export type SafeFetchInit = Pick<RequestInit, 'method' | 'headers' | 'body' | 'signal'> & {
  /** Limit for the body after decompression. Bytes. */
  readonly maxBytes?: number;
  /** Retries after the first attempt; default: `FetchLimits.retries`. */
  readonly retries?: number;
  /** For a POST that changes nothing, such as a search: retried like a GET. */
  readonly readOnly?: boolean;
  /** Whether to retry after a response whose status alone does not require it. May read the body. */
  readonly isBusy?: (response: Response) => Promise<boolean>;
};

/**
 * Resolves with the last response, whatever its status; its body is already in memory.
 * @throws {SourceError} if the address is refused, the response is too large or the source is unreachable
 */
export type SafeFetch = (url: string | URL, init?: SafeFetchInit) => Promise<Response>;

export type FetchLimits = {
  /** Retries after the first attempt. */
  readonly retries: number;
  /** Delay before the first retry, doubled for each further one, with jitter. Milliseconds. */
  readonly backOffMs: number;
  /** Limit for one attempt, including redirects and the body. Milliseconds. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** The longest Retry-After to wait for; if it is longer, the source is left for the next sync. Milliseconds. */
  readonly maxWaitMs: number;
  /** Requests to one host. */
  readonly perMinute: number;
};

export const defaultLimits: FetchLimits = {
  retries: 4,
  backOffMs: 1_000,
  timeoutMs: 60_000,
  maxBytes: 64 * 1024 * 1024,
  maxWaitMs: 120_000,
  perMinute: 120,
};

const maxRedirects = 5;
const retriedStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

export function createSafeFetch({
  dispatchers,
  pace,
  limits,
  userAgent,
  signal: ending,
  now,
}: {
  dispatchers: Dispatchers;
  pace: Pace;
  limits: FetchLimits;
  userAgent: string;
  signal: AbortSignal;
  now: () => Date;
}): SafeFetch {
  return async (address, init = {}) => {
    const method = (init.method ?? 'GET').toUpperCase();
    const signal = init.signal ? AbortSignal.any([ending, init.signal]) : ending;
    const mayRepeat = method === 'GET' || method === 'HEAD' || init.readOnly === true;
    let last: Response | undefined;

    async function attempt(): Promise<Response> {
      last = undefined;
      last = await once(new URL(address), method, init, signal);
      // A 429 means that the request was not processed, so that even requests with side effects can be retried.
      const again =
        last.status === 429 ||
        (mayRepeat && (retriedStatuses.has(last.status) || (await init.isBusy?.(last.clone())) === true));
      if (again) throw new RetryableResponse(last);
      return last;
    }

    try {
      return await pRetry(attempt, {
        retries: init.retries ?? limits.retries,
        minTimeout: limits.backOffMs,
        factor: 2,
        randomize: true,
        signal,
        shouldRetry: ({ error }) => error instanceof RetryableResponse || (mayRepeat && refusalIn(error) === null),
        onFailedAttempt: async ({ error, retriesLeft }) => {
          if (!(error instanceof RetryableResponse) || retriesLeft === 0) return;
          const wait = retryAfterMs(error.response.headers.get('retry-after'), now());
          if (wait === null) return;
          if (wait > limits.maxWaitMs) throw tooLong(wait, now());
          await pause(wait, undefined, { signal });
        },
      });
    } catch (error) {
      if (error instanceof RetryableResponse) return error.response;
      signal.throwIfAborted();
      throw sourceError(error);
    }
  };

  async function once(first: URL, method: string, init: SafeFetchInit, signal: AbortSignal): Promise<Response> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)]);
    const headers = new Headers(init.headers);
    if (!headers.has('user-agent')) headers.set('user-agent', userAgent);
    let url = first;
    for (let hops = 0; ; hops++) {
      const dispatcher = dispatchers.forUrl(url);
      await pace(url.host, within);
      const body = method === 'GET' || method === 'HEAD' ? {} : { body: init.body ?? null };
      const response = await fetch(url, { ...body, method, headers, redirect: 'manual', signal: within, dispatcher });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || response.status === 304 || location === null) {
        const bytes = await readLimited(response.body, init.maxBytes ?? limits.maxBytes);
        const none = response.status === 204 || response.status === 304;
        return new Response(none ? null : bytes, { status: response.status, headers: response.headers });
      }
      await response.body?.cancel();
      if (hops === maxRedirects) throw new SourceError(`redirects more than ${maxRedirects} times`);
      if (method !== 'GET' && method !== 'HEAD') throw new SourceError('redirects what is not a GET');
      if (!URL.canParse(location, url.href)) throw new SourceError('redirects to an invalid address');
      const next = new URL(location, url);
      // Credentials for one origin must not reach another.
      if (next.origin !== url.origin) for (const name of ['authorization', 'cookie', 'x-api-key']) headers.delete(name);
      url = next;
    }
  }
}

/** Carries a response after which the request is retried. */
class RetryableResponse extends Error {
  readonly response: Response;
  constructor(response: Response) {
    super('the source is busy');
    this.response = response;
  }
}

function tooLong(ms: number, now: Date): SourceError {
  const until = new Date(now.getTime() + ms);
  return new SourceUnavailable(`asks to retry after ${Math.ceil(ms / 1_000)} seconds`, { until });
}

/** The error of one of our own checks, which a retry would not change; null: the connection or the server failed. */
function refusalIn(error: unknown): SourceError | null {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof SourceError) return at;
  return null;
}

/** Describes the failure without the URL, which may contain a key. */
function sourceError(error: unknown): SourceError {
  const refusal = refusalIn(error);
  if (refusal !== null) return refusal;
  const codes: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code);
    else if (at.name === 'TimeoutError') codes.push('took too long');
  }
  return new SourceUnavailable(`cannot be reached (${codes.at(-1) ?? 'the connection failed'})`, { cause: error });
}
