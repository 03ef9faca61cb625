/** Makes the client of an OpenAI-compatible server, with every choice made here and none taken from the environment. */
import { OpenAI } from 'openai';

/** The part of the configuration that says which model is asked. */
export type ModelSettings = {
  /** Up to and with the version: `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  /** Undefined for servers that ask for none. */
  readonly apiKey: string | undefined;
  readonly name: string;
  /** Milliseconds for all attempts at one answer together. */
  readonly timeoutMs: number;
  readonly contextWindow: number | null;
  readonly temperature: number;
};

/** Attempts after the first; each only where nothing of an answer has been passed on. */
export const RETRIES = 2;
/** Milliseconds before the first retry; doubled for the next and stretched at random up to twofold. */
export const FIRST_RETRY_AFTER_MS = 200;
/** Milliseconds between two pieces of a stream after which the server counts as gone. */
export const SILENCE_MS = 10_000;
/** Letters of an answer; a model that writes more is caught in a loop. */
export const LONGEST_ANSWER = 50_000;
/** Seconds after which a user may try again when the model's server did not say. */
export const TRY_AGAIN_AFTER_SECONDS = 5;

export function createModelClient({ baseUrl, apiKey, timeoutMs }: ModelSettings): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    // The library insists on a key; without one of ours the header that would carry it is taken out.
    apiKey: apiKey ?? 'none',
    ...(apiKey === undefined ? { defaultHeaders: { Authorization: null } } : {}),
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: timeoutMs,
  });
}
