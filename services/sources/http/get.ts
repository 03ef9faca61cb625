/** Reads a URL, with a conditional request if validators are known. */
import { SourceError, SourceUnavailable } from '../source-error.ts';
import type { MayFetch } from './robots.ts';
import type { SafeFetch } from './safe-fetch.ts';

/** HTTP validators of a version, to be sent in the next conditional request. JSON. */
export type Validators = { readonly etag?: string; readonly lastModified?: string };

export type Got =
  | {
      readonly state: 'got';
      readonly bytes: Uint8Array;
      /** In lower case, without parameters; empty if the response has no Content-Type. */
      readonly mediaType: string;
      readonly validators: Validators;
    }
  | { readonly state: 'not_modified' }
  /** 404 or 410. */
  | { readonly state: 'gone' };

export type GetOptions = {
  /** Of the version that is already stored. */
  readonly validators?: Validators;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether to respect robots.txt: true for web pages, false for APIs. */
  readonly robots?: boolean;
  readonly maxBytes?: number;
  /** Retries after the first attempt; default: the limit of the client. */
  readonly retries?: number;
};

/** @throws {SourceError} for every other status, with a message for operators */
export type Get = (url: string, options?: GetOptions) => Promise<Got>;

export function createGet(fetch: SafeFetch, mayFetch: MayFetch): Get {
  return async (url, { validators = {}, headers = {}, robots = false, maxBytes, retries } = {}) => {
    if (!URL.canParse(url)) throw new SourceError('has an invalid address');
    if (robots && !(await mayFetch(url))) throw new SourceError('may not be read: the robots.txt of its host says so');
    const response = await fetch(url, {
      headers: {
        ...headers,
        ...(validators.etag !== undefined && { 'if-none-match': validators.etag }),
        ...(validators.lastModified !== undefined && { 'if-modified-since': validators.lastModified }),
      },
      ...(maxBytes !== undefined && { maxBytes }),
      ...(retries !== undefined && { retries }),
    });
    const { status } = response;
    if (status === 304) return { state: 'not_modified' };
    if (status === 404 || status === 410) return { state: 'gone' };
    if (status === 401 || status === 403)
      throw new SourceError(`refuses to be read (${status}); check its key and its rights`);
    if (status === 429 || status >= 500) throw new SourceUnavailable(`answered ${status}`);
    if (status !== 200) throw new SourceError(`answered ${status}`);
    const etag = response.headers.get('etag');
    const lastModified = response.headers.get('last-modified');
    return {
      state: 'got',
      bytes: new Uint8Array(await response.arrayBuffer()),
      mediaType: (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
      validators: { ...(etag !== null && { etag }), ...(lastModified !== null && { lastModified }) },
    };
  };
}
