/** Reads large results page by page, from one snapshot. */
import type { ClientBase, Pool, QueryResultRow } from 'pg';

/**
 * Reads the rows of a statement in pages, so that any number of rows takes the memory of one page.
 * @param client in a transaction, with one reader at a time
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
 * Gives a reader one consistent snapshot, however long it reads. The connection is released when the reader ends, is
 * closed early (`return`) or fails.
 * @param begin runs the statement that begins the transaction
 */
export async function* inSnapshot<T>(
  pool: Pool,
  read: (client: ClientBase) => AsyncIterable<T>,
  begin: (client: ClientBase, statement: string) => Promise<unknown> = (client, statement) => client.query(statement),
): AsyncGenerator<T> {
  const client = await pool.connect();
  let broken: unknown = new Error('the reader was closed early');
  try {
    await begin(client, 'begin isolation level repeatable read read only');
    yield* read(client);
    broken = undefined;
  } catch (error) {
    broken = error;
    throw error;
  } finally {
    // Closed early or failed: closing the connection is the quickest way to end the server's work.
    if (broken === undefined) await client.query('commit').catch((error: unknown) => (broken = error));
    client.release(broken === undefined ? undefined : asError(broken));
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the connection is in an unknown state');
}
