/** Reads large results page by page from one snapshot. */
import type { ClientBase, Pool, QueryResultRow } from 'pg';

/**
 * Reads the rows of a statement page by page, so that any number of them takes the memory of one page.
 * @param client in a transaction; one reader at a time
 */
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

/**
 * Lets a reader see the database as it was at one moment, however long it reads.
 * The connection is given back when the reader ends, is told to end, or fails.
 * @param begin runs the statement that begins the transaction
 */
export async function* inSnapshot<T>(
  pool: Pool,
  read: (client: ClientBase) => AsyncIterable<T>,
  begin: (client: ClientBase, statement: string) => Promise<unknown> = (client, statement) => client.query(statement),
): AsyncGenerator<T> {
  const client = await pool.connect();
  let broken: unknown = new Error('the reader has not ended');
  try {
    await begin(client, 'begin isolation level repeatable read read only');
    yield* read(client);
    broken = undefined;
  } catch (error) {
    broken = error;
    throw error;
  } finally {
    // Read half-way or broken: closing the connection is the quickest end of what the server still does for it.
    if (broken === undefined) await client.query('commit').catch((error: unknown) => (broken = error));
    client.release(broken === undefined ? undefined : asError(broken));
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the connection is in an unknown state');
}
