/** Asks Notion's interface: the official client on our guarded way out, its errors in words for people. */
import { APIErrorCode, Client, isHTTPResponseError } from '@notionhq/client';
import { z } from 'zod';
import type { SourceContext } from '../plugin.ts';
import { SourceError, SourceUnavailable } from '../source-error.ts';

export type Notion = {
  readonly client: Client;
  /** What Notion's own clock said at its last answer; ours where it did not tell. */
  readonly clock: () => Date;
};

/** Databases are lists of data sources from this version on. */
const notionVersion = '2025-09-03';

/** @throws {SourceError} where there is no key */
export function openNotion({ endpoint, apiKey, fetch, now }: SourceContext<unknown>): Notion {
  if (apiKey === null) {
    throw new SourceError('has no key; name the variable that holds the secret of its connection (--api-key-variable)');
  }
  let reply: Date | null = null;
  const client = new Client({
    auth: apiKey,
    baseUrl: endpoint ?? 'https://api.notion.com',
    notionVersion,
    // Tries, waits and limits are the guard's; the client's messages quote what they are about.
    retry: false,
    timeoutMs: 2 ** 31 - 1,
    logger: () => {},
    async fetch(url, { method = 'GET', headers = {}, body } = {}) {
      // All that is asked here only reads, searches by POST too.
      const response = await fetch(url, { method, headers, readOnly: true, ...(typeof body === 'string' && { body }) });
      const date = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(date)) reply = new Date(date);
      return response;
    },
  });
  return { client, clock: () => reply ?? now() };
}

/** 'gone': not there, or not shared with the connection. @throws {SourceError} */
export async function ask<T>(work: () => Promise<T>): Promise<T | 'gone'> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SyntaxError) throw new SourceError('returned invalid JSON', { cause: error });
    if (!isHTTPResponseError(error)) throw error;
    const { status, code } = error;
    if (code === APIErrorCode.ObjectNotFound) return 'gone';
    if (status === 401) throw new SourceError(`rejects its key (${code}); check the secret of the connection`);
    if (status === 403) throw new SourceError(`refuses to be read (${code}); let the connection read content`);
    if (status === 429 || status === 409 || status >= 500) throw new SourceUnavailable(`answered ${status} (${code})`);
    throw new SourceError(`answered ${status} (${code})`);
  }
}

const list = z.object({
  results: z.array(z.unknown()),
  has_more: z.boolean(),
  next_cursor: z.string().nullish(),
  request_status: z.object({ type: z.string() }).nullish(),
});

/**
 * All results of a list, page by page.
 * @param page asks for the page at a cursor
 * @returns 'gone' where the first page is; 'capped' where Notion shows no more, though there are more
 */
export async function* resultsOf(
  page: (cursor: string | undefined) => Promise<unknown>,
): AsyncGenerator<unknown, 'all' | 'capped' | 'gone'> {
  const cursors = new Set<string>();
  let end: 'all' | 'capped' = 'all';
  for (let cursor: string | undefined; ; ) {
    const answer = await ask(() => page(cursor));
    if (answer === 'gone' && cursor === undefined) return 'gone';
    const { data } = list.safeParse(answer);
    if (data === undefined) throw new SourceError('did not return a list of results');
    yield* data.results;
    // The whole list is short of some, also where an earlier page says so.
    if (data.request_status?.type === 'incomplete') end = 'capped';
    if (!data.has_more) return end;
    if (typeof data.next_cursor !== 'string' || cursors.has(data.next_cursor)) {
      throw new SourceError('has a list whose pages lead nowhere or in circles');
    }
    cursor = data.next_cursor;
    cursors.add(cursor);
  }
}
