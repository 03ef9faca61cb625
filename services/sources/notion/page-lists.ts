/** The lists that Notion keeps of pages: the rows of a database, and all that is shared with the connection. */
import { z } from 'zod';
import { SourceError } from '../source-error.ts';
import { ask, type Notion, resultsOf } from './notion-api.ts';

const pageSize = 100;
const database = z.object({
  in_trash: z.boolean().optional(),
  archived: z.boolean().optional(),
  data_sources: z.array(z.object({ id: z.string() })),
});
const created = z.object({ created_time: z.string() });
const edited = z.object({ last_edited_time: z.string() });

/** @param id of a database, or of one data source. @returns ids of data sources */
export async function sourcesOf({ client }: Notion, id: string): Promise<readonly string[] | 'gone'> {
  const reply = await ask(() => client.databases.retrieve({ database_id: id }));
  if (reply === 'gone') return [id];
  const { data } = database.safeParse(reply);
  if (data === undefined) throw new SourceError('tells of a database in a form that cannot be read');
  return data.in_trash === true || data.archived === true ? 'gone' : data.data_sources.map((each) => each.id);
}

/**
 * Oldest first. One query shows 10,000 rows at most, so what follows is asked for from where the last one was made on.
 * @param since ISO 8601: only what was edited then or later; null: all
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
      throw new SourceError('has more rows of one minute than a query of Notion shows');
    from = last;
  }
}

/** The last edited first. @param since see above */
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
      'shares more pages than a search of Notion shows; name its databases and pages in the config',
    );
  }
}
