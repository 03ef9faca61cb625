/** Does work in one transaction: all of it or nothing. */
import pg, { type ClientBase, type Pool } from 'pg';

/**
 * What the work throws is thrown, and nothing of the work stays.
 * @param begin begins it; on a connection that pipelines, the work is sent along without waiting
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: ClientBase) => Promise<T>,
  begin: (client: ClientBase) => Promise<unknown> = (client) => client.query('begin'),
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const begun = begin(client);
    begun.catch(() => {}); // told below, unless the work fails of it
    if (!client.pipeline) await begun;
    const result = await work(client);
    await begun;
    await client.query('commit');
    return result;
  } catch (error) {
    // Only a server that answered can roll back at once. A connection that timed out or broke is closed, which does it too.
    if (error instanceof pg.DatabaseError) await client.query('rollback').catch(close);
    else close(error);
    throw error;
  } finally {
    client.release(broken);
  }

  function close(error: unknown): void {
    broken = error instanceof Error ? error : new Error('the connection is in an unknown state');
  }
}
