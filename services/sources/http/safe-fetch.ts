/** The only way from a source to the network: limits of address, size, time and pace; tries again with back-off and jitter. */
import { setTimeout as pause } from 'node:timers/promises';
import pRetry from 'p-retry';
import { fetch, Headers, type RequestInit, Response } from 'undici';
import { SourceError, SourceUnavailable } from '../source-error.ts';
import type { Pace } from './pace.ts';
import { readLimited } from './read-limited.ts';
import type { Dispatchers } from './refuse-private.ts';
import { retryAfterMs } from './retry-after.ts';

export type SafeFetchInit = Pick<RequestInit, 'method' | 'headers' | 'body' | 'signal'> & {
  /** Bytes of the body, after decompression. */
  readonly maxBytes?: number;
  /** Tries after the first; the usual number if not told. */
  readonly retries?: number;
  /** A POST that only asks, as searches do: tried again like a GET. */
  readonly readOnly?: boolean;
  /** Tells that an answer asks for patience where its status does not say so. It may read the body. */
  readonly isBusy?: (response: Response) => Promise<boolean>;
};

/**
 * Resolves with the last answer, whatever its status, its body already read.
 * @throws {SourceError} for addresses that are refused, answers that are too large, and a source that cannot be reached
 */
export type SafeFetch = (url: string | URL, init?: SafeFetchInit) => Promise<Response>;

export type FetchLimits = {
  /** Tries after the first. */
  readonly retries: number;
  /** Milliseconds before the second try; doubled for each that follows, with jitter. */
  readonly backOffMs: number;
  /** Milliseconds for one try, redirects and body included. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** The longest Retry-After that is waited out; beyond it the source is left for the next sync. Milliseconds. */
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
const triedAgain = new Set([408, 425, 429, 500, 502, 503, 504]);

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
      // A source that is too busy has done nothing, so that even what changes things may be asked again.
      const again =
        last.status === 429 ||
        (mayRepeat && (triedAgain.has(last.status) || (await init.isBusy?.(last.clone())) === true));
      if (again) throw new TriedAgain(last);
      return last;
    }

    try {
      return await pRetry(attempt, {
        retries: init.retries ?? limits.retries,
        minTimeout: limits.backOffMs,
        factor: 2,
        randomize: true,
        signal,
        shouldRetry: ({ error }) => error instanceof TriedAgain || (mayRepeat && refusalIn(error) === null),
        onFailedAttempt: async ({ error, retriesLeft }) => {
          if (!(error instanceof TriedAgain) || retriesLeft === 0) return;
          const wait = retryAfterMs(error.response.headers.get('retry-after'), now());
          if (wait === null) return;
          if (wait > limits.maxWaitMs) throw tooLong(wait, now());
          await pause(wait, undefined, { signal });
        },
      });
    } catch (error) {
      if (error instanceof TriedAgain) return error.response;
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
      // What was meant for one host is not for another.
      if (next.origin !== url.origin) for (const name of ['authorization', 'cookie', 'x-api-key']) headers.delete(name);
      url = next;
    }
  }
}

/** An answer after which the same may be asked again. */
class TriedAgain extends Error {
  readonly response: Response;
  constructor(response: Response) {
    super('the source asks for patience');
    this.response = response;
  }
}

function tooLong(ms: number, now: Date): SourceError {
  const until = new Date(now.getTime() + ms);
  return new SourceUnavailable(`asks to come back in ${Math.ceil(ms / 1_000)} seconds`, { until });
}

/** What we refuse ourselves, and would refuse again; null: the connection or the other side is at fault. */
function refusalIn(error: unknown): SourceError | null {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof SourceError) return at;
  return null;
}

/** What went wrong, without the address, which may hold a key. */
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
