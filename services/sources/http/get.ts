/** Reads an address, only if it has changed where that can be asked. */
import { SourceError, SourceUnavailable } from '../source-error.ts';
import type { MayFetch } from './robots.ts';
import type { SafeFetch } from './safe-fetch.ts';

/** What a server told of a version, to be sent back to ask whether there is another. JSON. */
export type Validators = { readonly etag?: string; readonly lastModified?: string };

export type Got =
  | {
      readonly state: 'got';
      readonly bytes: Uint8Array;
      /** Without parameters, lower case; empty where it is not told. */
      readonly mediaType: string;
      readonly validators: Validators;
    }
  | { readonly state: 'not_modified' }
  /** 404 or 410. */
  | { readonly state: 'gone' };

export type GetOptions = {
  /** Of the version that is there already. */
  readonly validators?: Validators;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether robots.txt decides: for pages that were made for people, and not for interfaces. */
  readonly robots?: boolean;
  readonly maxBytes?: number;
  /** Tries after the first; the usual number if not told. */
  readonly retries?: number;
};

/** @throws {SourceError} for every other status, in words for people */
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
