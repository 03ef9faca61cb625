/** Reads the rows of a statement page by page, so that any number of them takes the memory of one page. */
import type { ClientBase, QueryResultRow } from 'pg';

/** @param client in a transaction; one reader at a time */
export async function* readInPages<Row extends QueryResultRow>(
  client: ClientBase,
  statement: string,
  values: readonly unknown[] = [],
  pageRows = 250,
): AsyncGenerator<readonly Row[]> {
  await client.query(`declare page no scroll cursor for ${statement}`, [...values]);
  for (;;) {
    const { rows } = await client.query<Row>(`fetch forward ${pageRows} from page`);
    if (rows.length > 0) yield rows;
    if (rows.length < pageRows) break;
  }
  await client.query('close page');
}
