/** Fetches the public keys of the identity provider, keeps the last good ones, and limits how often it fetches. */

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { connectionAdvice, connectionCode } from '../../failure/check.ts';

/** Why the keys cannot be used. The message continues "the keys of the identity provider …", without host or body. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
  /** What an operator does about it. */
  readonly advice: string;

  constructor(message: string, advice = 'check AUTH_JWKS_URL: it is the address of a JSON Web Key Set') {
    super(message);
    this.advice = advice;
  }
}

const variable = 'AUTH_JWKS_URL';
const timeoutMs = 5_000;
const largestSet = 1_000_000;
/** A key that the provider withdraws is refused after this time. */
const freshMs = 10 * 60_000;
/** Without an answer of the provider, its last keys stay in use for this time. */
const keptMs = 24 * 3_600_000;
/** Fetches in a row; one more every `fetchEveryMs`. Tokens with made-up key ids cannot cause more. */
const mostFetches = 5;
const fetchEveryMs = 10_000;

/**
 * @param clock milliseconds, monotonic
 * @param onFailure called when keys cannot be fetched; `kept`: the last ones stay in use
 * @returns verifies a token. It throws the errors of jose, or {KeysUnavailable}
 */
export function createSigningKeys(
  url: string,
  {
    clock,
    onFailure,
  }: {
    readonly clock: () => number;
    readonly onFailure: (failure: { readonly reason: string; readonly kept: boolean }) => void;
  },
) {
  type Known = { readonly get: ReturnType<typeof createLocalJWKSet>; readonly text: string; readonly at: number };
  let known: Known | null = null;
  let pending: Promise<KeysUnavailable | null> | null = null;
  let lastFailure: KeysUnavailable | null = null;
  const mayFetch = limitFetches(clock);

  function fetchNow(): Promise<KeysUnavailable | null> {
    pending ??= fetchKeys(url)
      .then(
        (keys) => {
          known = { get: createLocalJWKSet(keys), text: JSON.stringify(keys), at: clock() };
          return null;
        },
        (error: unknown) => (error instanceof KeysUnavailable ? error : new KeysUnavailable('cannot be fetched')),
      )
      .then((failure) => {
        lastFailure = failure;
        if (failure !== null) onFailure({ reason: failure.message, kept: known !== null });
        return failure;
      })
      .finally(() => {
        pending = null;
      });
    return pending;
  }

  /** Joins a fetch under way, or starts one within the limit. */
  function refresh(): Promise<KeysUnavailable | null> | null {
    return pending ?? (mayFetch() ? fetchNow() : null);
  }

  async function usable(): Promise<Known> {
    if (known !== null && clock() - known.at < freshMs) return known;
    const fetching = refresh();
    // A provider that hangs delays the first question only, as long as there are keys.
    if (fetching !== null && (known === null || lastFailure === null)) await fetching;
    if (known !== null && clock() - known.at < keptMs) return known;
    throw lastFailure ?? new KeysUnavailable('were asked for too often; wait some seconds');
  }

  return async (token: string, options: JWTVerifyOptions): Promise<JWTPayload> => {
    const { get, text } = await usable();
    try {
      return await verifyWith(token, get, options);
    } catch (error) {
      const isUnknown = error instanceof errors.JWKSNoMatchingKey;
      // A provider may also have put a new key under an old id.
      if (!isUnknown && !(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      const fetching = refresh();
      if (fetching === null) throw error;
      const failure = await fetching;
      if (failure !== null && isUnknown) throw failure;
      if (known === null || known.text === text) throw error;
      return verifyWith(token, known.get, options);
    }
  };
}

/** A token without key id is tried with every key of its algorithm. */
async function verifyWith(token: string, get: ReturnType<typeof createLocalJWKSet>, options: JWTVerifyOptions) {
  try {
    return (await jwtVerify(token, get, options)).payload;
  } catch (several) {
    if (!(several instanceof errors.JWKSMultipleMatchingKeys)) throw several;
    for await (const key of several) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function limitFetches(clock: () => number): () => boolean {
  let left = mostFetches;
  let at = clock();
  return () => {
    const now = clock();
    left = Math.min(mostFetches, left + (now - at) / fetchEveryMs);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

/** @throws {KeysUnavailable} */
export async function fetchKeys(url: string): Promise<JSONWebKeySet> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: 'application/json, application/jwk-set+json' },
    });
    body = response.status === 200 ? await readLimited(response) : '';
  } catch (error) {
    if (error instanceof KeysUnavailable) throw error;
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      throw new KeysUnavailable(`did not arrive within ${timeoutMs / 1_000} s`, connectionAdvice(null, variable));
    }
    const code = connectionCode(error);
    throw new KeysUnavailable(
      `cannot be fetched${code === null ? '' : ` (${code})`}`,
      connectionAdvice(code, variable),
    );
  }
  if (response.status >= 300 && response.status < 400) {
    throw new KeysUnavailable('have moved: the address redirects', `set ${variable} to the address it redirects to`);
  }
  if (response.status !== 200) throw new KeysUnavailable(`cannot be fetched: the answer was ${response.status}`);
  return parseKeys(body);
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > largestSet) throw new KeysUnavailable(`are larger than ${largestSet} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseKeys(body: string): JSONWebKeySet {
  let keys: unknown;
  try {
    keys = JSON.parse(body.replace(/^\ufeff/, ''));
    createLocalJWKSet(keys as JSONWebKeySet);
  } catch {
    throw new KeysUnavailable('are not a JSON Web Key Set: {"keys": […]}');
  }
  const usable = (keys as JSONWebKeySet).keys.filter(({ kty, use }) => kty !== 'oct' && (use ?? 'sig') === 'sig');
  if (usable.length === 0) throw new KeysUnavailable('contain none that signs tokens');
  return { keys: usable };
}
