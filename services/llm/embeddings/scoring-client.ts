/** Sends requests to an embeddings or rerank server, with a few attempts within a time limit. */
import { describeKey, isSendable } from '../key-characters.ts';
import { parseJson } from '../model-client.ts';
import { retryAfter } from '../model-failure.ts';
import { retryRequest } from '../retry-request.ts';

/** Where a server is and how it is asked. */
export type ScoringServer = {
  /** Including the version: `http://127.0.0.1:8080/v1`. */
  readonly baseUrl: string;
  /** Undefined for servers without keys. */
  readonly apiKey: string | undefined;
  readonly model: string;
};

/** A server that cannot be reached, refuses, or sends something else than expected. */
export class ScoringFailure extends Error {
  override readonly name = 'ScoringFailure';
  /** Null: there was no response. */
  readonly status: number | null;
  readonly retryAfterMs: number;

  constructor(message: string, { status = null, retryAfterMs = 0 }: { status?: number | null; retryAfterMs?: number }) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** The message is our own and quotes no text, so it may be logged. */
  get safeMessage(): string {
    return this.message;
  }
}

const RETRIES = 3;

/**
 * Posts JSON and returns the parsed response. A server that is busy (429) or failing (5xx) is asked again, after the time it
 * names, while `timeoutMs` leaves room for that.
 * @param variables the prefix of the server's environment variables: EMBEDDINGS or RERANK
 * @throws {ScoringFailure}
 */
export async function postJson(
  { baseUrl, apiKey }: ScoringServer,
  variables: string,
  path: string,
  body: object,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<unknown> {
  const host = new URL(baseUrl).host;
  const failed = (what: string, options: { status?: number; retryAfterMs?: number } = {}) =>
    new ScoringFailure(`the server of ${variables}_BASE_URL at ${host} ${what}`, options);
  const limit = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  const endsAt = performance.now() + timeoutMs;
  if (apiKey !== undefined && !isSendable(apiKey)) {
    const key = `${variables}_API_KEY`;
    throw failed(`was not asked: ${describeKey(key, apiKey) ?? `${key} cannot be sent: set it again`}`);
  }
  const headers = {
    'content-type': 'application/json',
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  const attempt = async () => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${baseUrl.replace(/\/+$/, '')}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        signal: either,
      });
      text = await response.text();
    } catch {
      // The error of fetch may quote the request.
      throw failed(`cannot be reached: check ${variables}_BASE_URL and that the server is running`);
    }
    const { status } = response;
    if (!response.ok) {
      throw failed(`answered ${status}${adviceFor(status, variables)}`, {
        status,
        retryAfterMs: retryAfter(response.headers),
      });
    }
    return parseJson(text);
  };
  try {
    return await retryRequest(attempt, {
      retries: RETRIES,
      signal: either,
      askedToWaitMs: (error) => (error instanceof ScoringFailure && mayPass(error.status) ? error.retryAfterMs : null),
      leftMs: () => endsAt - performance.now(),
    });
  } catch (error) {
    if (signal?.aborted) throw failed('was not asked any more: the request was cancelled');
    if (limit.aborted) throw failed(`gave no answer in ${timeoutMs} ms`);
    throw error;
  }
}

function mayPass(status: number | null): boolean {
  return status === null || status === 408 || status === 429 || status >= 500;
}

function adviceFor(status: number, variables: string): string {
  if (status === 401 || status === 403) return `: check ${variables}_API_KEY`;
  if (status === 404 || status === 405) {
    return `: check ${variables}_BASE_URL (it usually ends in /v1) and that the server has the model of ${variables}_MODEL`;
  }
  return '';
}

/** Whether the server refuses the texts of a request, rather than being unavailable. */
export function isRefusedRequest(error: unknown): boolean {
  return error instanceof ScoringFailure && (error.status === 400 || error.status === 413 || error.status === 422);
}
