/** Sends requests to an OpenAI-compatible server. */
import { describeKey, isSendable } from './key-characters.ts';

/** The model that the configuration names, and how to ask it. */
export type ModelSettings = {
  /** Including the version: `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  /** Undefined for servers without keys. */
  readonly apiKey: string | undefined;
  /** Added to every request, in place of ours of the same name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly name: string;
  /** Milliseconds to wait for responses, over all attempts at one answer. A response that has begun is not limited by it. */
  readonly timeoutMs: number;
  /** Milliseconds for a whole answer, from the first attempt to the last byte. An Idempotency-Key is reserved for longer. */
  readonly maxAnswerMs: number;
  /** Milliseconds without a byte after which a response counts as dead. */
  readonly silenceMs: number;
  readonly contextWindow: number | null;
  readonly temperature: number;
  /** Longest answer in tokens; null leaves it to the server. */
  readonly maxTokens: number | null;
  /** Thinking blocks of this model in addition to the known formats. */
  readonly thinkingBlocks: readonly ThinkingBlock[];
};

/** The texts that open and close a model's thoughts. */
export type ThinkingBlock = { readonly open: string; readonly close: string };

/** Attempts after the first; each only while no client has seen a part of the answer. */
export const RETRIES = 2;
/** Characters of an answer; a model that writes more is caught in a loop. */
export const LONGEST_ANSWER = 50_000;
/** Characters of a response, reasoning and protocol included. */
export const LONGEST_RESPONSE = 20_000_000;
/** Seconds after which a user may try again, where the model server does not say. */
export const TRY_AGAIN_AFTER_SECONDS = 5;

/** A status other than 2xx. `body` is the parsed JSON, null where it is none. Never log it: servers repeat prompts in theirs. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;

  constructor(status: number, headers: Headers, body: unknown) {
    super(`the model server answered ${status}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** A key with characters that no HTTP header can carry, such as a line break or an ellipsis. The message names them. */
export class UnusableKey extends Error {
  override readonly name = 'UnusableKey';
}

/**
 * Posts a chat completion.
 * @throws {RefusedRequest} {UnusableKey} or the errors of fetch
 */
export async function postCompletion(settings: ModelSettings, body: object, signal: AbortSignal): Promise<Response> {
  const headers = new Headers({ 'content-type': 'application/json', accept: 'text/event-stream, application/json' });
  if (settings.apiKey !== undefined) {
    if (!isSendable(settings.apiKey))
      throw new UnusableKey(describeKey('LLM_API_KEY', settings.apiKey) ?? 'LLM_API_KEY cannot be sent: set it again');
    headers.set('authorization', `Bearer ${settings.apiKey}`);
  }
  const url = new URL(settings.baseUrl);
  // Azure's address ends with a query, `?api-version=…`.
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`;
  if (url.username !== '' || url.password !== '') {
    if (settings.apiKey === undefined) headers.set('authorization', basic(url));
    url.username = '';
    url.password = '';
  }
  for (const [name, value] of Object.entries(settings.headers ?? {})) headers.set(name, value);
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
  if (response.ok) return response;
  throw new RefusedRequest(response.status, response.headers, parseJson(await response.text().catch(() => '')));
}

function basic({ username, password }: URL): string {
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

/** Null for text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
