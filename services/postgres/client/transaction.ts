/** Runs statements in one transaction, optionally as a user or as a named actor. */
import pg, { type ClientBase, type Pool } from 'pg';

/**
 * Does work in one transaction: all of it or nothing.
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

/**
 * Does work in a transaction whose changes of the registry are audited under a name.
 * @param actor `user:ID` or `command:NAME`
 */
export function asActor<T>(pool: Pool, actor: string, work: (client: ClientBase) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query(`select set_config('app.actor', $1, true)`, [actor]);
    return work(client);
  });
}

/**
 * Does work on a user's own rows: the database lets it see and change no others.
 * One transaction. Who the user is ends with it, however it ends, so the next one on this connection is nobody's.
 * On a pool that pipelines, this costs one round trip more than the work: the commit's.
 */
export function asUser<T>(pool: Pool, userId: string, work: (client: ClientBase) => Promise<T>): Promise<T> {
  return inTransaction(pool, work, (client) => beginAs(client, userId, 'begin'));
}

/** @param begin the statement that begins the transaction */
export async function beginAs(client: ClientBase, userId: string, begin: string): Promise<void> {
  await Promise.all([
    client.query(begin),
    // Local to the transaction. The user is a parameter, because statements are shown in traces.
    client.query({ name: 'set-asker', text: `select set_config('app.user_id', $1, true)`, values: [userId] }),
  ]);
}
