/** Lists pages through the Notion API: the rows of a database, and all pages that are shared with the connection. */
import { z } from 'zod';
import { SourceError } from '../source-error.ts';
import { type Notion, request, resultsOf } from './notion-api.ts';

const pageSize = 100;
const database = z.object({
  in_trash: z.boolean().optional(),
  archived: z.boolean().optional(),
  data_sources: z.array(z.object({ id: z.string() })),
});
const created = z.object({ created_time: z.string() });
const edited = z.object({ last_edited_time: z.string() });

/** @param id of a database or data source @returns ids of data sources */
export async function sourcesOf({ client }: Notion, id: string): Promise<readonly string[] | 'gone'> {
  const reply = await request(() => client.databases.retrieve({ database_id: id }));
  if (reply === 'gone') return [id];
  const { data } = database.safeParse(reply);
  if (data === undefined) throw new SourceError('returned a database in an unknown format');
  return data.in_trash === true || data.archived === true ? 'gone' : data.data_sources.map((each) => each.id);
}

/**
 * Oldest first. One query returns at most 10,000 rows, so the next one starts at the creation time of the last row.
 * @param since ISO 8601: only rows that were edited at or after this time; null: all
 */
export async function* rowsOf({ client }: Notion, source: string, since: string | null) {
  const editedSince =
    since === null ? [] : [{ timestamp: 'last_edited_time' as const, last_edited_time: { on_or_after: since } }];
  for (let from: string | null = null; ; ) {
    const createdFrom =
      from === null ? [] : [{ timestamp: 'created_time' as const, created_time: { on_or_after: from } }];
    const and = [...editedSince, ...createdFrom];
    const rows = resultsOf((cursor) =>
      client.dataSources.query({
        data_source_id: source,
        sorts: [{ timestamp: 'created_time', direction: 'ascending' }],
        page_size: pageSize,
        ...(and.length > 0 && { filter: and.length === 1 && and[0] ? and[0] : { and } }),
        ...(cursor !== undefined && { start_cursor: cursor }),
      }),
    );
    let last: string | null = null;
    let next = await rows.next();
    for (; next.done !== true; next = await rows.next()) {
      last = created.safeParse(next.value).data?.created_time ?? last;
      yield next.value;
    }
    if (next.value !== 'capped') return next.value;
    if (last === null || last === from)
      throw new SourceError('has more rows from one minute than a query of Notion returns');
    from = last;
  }
}

/** Last edited first. @param since as for {@link rowsOf} */
export async function* sharedPages({ client }: Notion, since: string | null) {
  const pages = resultsOf((cursor) =>
    client.search({
      filter: { property: 'object', value: 'page' },
      sort: { timestamp: 'last_edited_time', direction: 'descending' },
      page_size: pageSize,
      ...(cursor !== undefined && { start_cursor: cursor }),
    }),
  );
  let next = await pages.next();
  for (; next.done !== true; next = await pages.next()) {
    const at = edited.safeParse(next.value).data?.last_edited_time;
    if (since !== null && at !== undefined && Date.parse(at) < Date.parse(since)) return;
    yield next.value;
  }
  if (next.value === 'capped') {
    throw new SourceError(
      'shares more pages than a search of Notion returns; name its databases and pages in the config',
    );
  }
}
