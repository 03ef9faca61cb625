/** Client of the Notion API: the official client on the SSRF-safe HTTP client; explains errors to operators. */
import { APIErrorCode, Client, isHTTPResponseError } from '@notionhq/client';
import { z } from 'zod';
import type { SourceContext } from '../plugin.ts';
import { SourceError, SourceUnavailable } from '../source-error.ts';

export type Notion = {
  readonly client: Client;
  /** The Date header of Notion's last response; the local time if there is none. */
  readonly clock: () => Date;
};

/** From this version on, a database consists of data sources. */
const notionVersion = '2025-09-03';

/** @throws {SourceError} if there is no key */
export function openNotion({ endpoint, apiKey, fetch, now }: SourceContext<unknown>): Notion {
  if (apiKey === null) {
    throw new SourceError('has no key; name the variable that holds the secret of its connection (--api-key-variable)');
  }
  let serverTime: Date | null = null;
  const client = new Client({
    auth: apiKey,
    baseUrl: endpoint ?? 'https://api.notion.com',
    notionVersion,
    // The SSRF-safe HTTP client handles retries and limits. No logger: its messages quote content.
    retry: false,
    timeoutMs: 2 ** 31 - 1,
    logger: () => {},
    async fetch(url, { method = 'GET', headers = {}, body } = {}) {
      // Every request here only reads, even searches, which use POST.
      const response = await fetch(url, { method, headers, readOnly: true, ...(typeof body === 'string' && { body }) });
      const date = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(date)) serverTime = new Date(date);
      return response;
    },
  });
  return { client, clock: () => serverTime ?? now() };
}

/** 'gone': it does not exist, or is not shared with the connection. @throws {SourceError} */
export async function request<T>(work: () => Promise<T>): Promise<T | 'gone'> {
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
 * @param page requests the page at a cursor
 * @returns 'gone' if the first page is; 'capped' if Notion returns only a part of the results
 */
export async function* resultsOf(
  page: (cursor: string | undefined) => Promise<unknown>,
): AsyncGenerator<unknown, 'all' | 'capped' | 'gone'> {
  const cursors = new Set<string>();
  let end: 'all' | 'capped' = 'all';
  for (let cursor: string | undefined; ; ) {
    const answer = await request(() => page(cursor));
    if (answer === 'gone' && cursor === undefined) return 'gone';
    const { data } = list.safeParse(answer);
    if (data === undefined) throw new SourceError('did not return a list of results');
    yield* data.results;
    // If any page is incomplete, the whole list is.
    if (data.request_status?.type === 'incomplete') end = 'capped';
    if (!data.has_more) return end;
    if (typeof data.next_cursor !== 'string' || cursors.has(data.next_cursor)) {
      throw new SourceError('has a list whose pages lead nowhere or in circles');
    }
    cursor = data.next_cursor;
    cursors.add(cursor);
  }
}
