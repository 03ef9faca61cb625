/** Runs statements in one transaction, optionally as a user or as a named actor. */
import pg, { type ClientBase, type Pool } from 'pg';

/**
 * Runs work in one transaction and rolls back when it throws.
 * @param begin begins the transaction; a pipelining connection sends the work along without waiting for it
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
    begun.catch(() => {}); // awaited below, unless the work fails first
    if (!client.pipeline) await begun;
    const result = await work(client);
    await begun;
    await client.query('commit');
    return result;
  } catch (error) {
    // Only a server that replied can roll back. A connection that timed out or broke is closed, which rolls back too.
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
 * Runs work in a transaction whose changes to the registry are audited under the actor's name.
 * @param actor `user:ID` or `command:NAME`
 */
export function asActor<T>(pool: Pool, actor: string, work: (client: ClientBase) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query(`select set_config('app.actor', $1, true)`, [actor]);
    return work(client);
  });
}

/**
 * Runs work on a user's own rows: row-level security hides all others. The user is set for this transaction only, so
 * the next one on the connection has none. On a pipelining pool it costs one more round trip than the work: the commit.
 */
export function asUser<T>(pool: Pool, userId: string, work: (client: ClientBase) => Promise<T>): Promise<T> {
  return inTransaction(pool, work, (client) => beginAs(client, userId, 'begin'));
}

/** @param begin the statement that begins the transaction */
export async function beginAs(client: ClientBase, userId: string, begin: string): Promise<void> {
  await Promise.all([
    client.query(begin),
    // Local to the transaction. The user is a parameter, because traces show the statement's text.
    client.query({ name: 'set-user', text: `select set_config('app.user_id', $1, true)`, values: [userId] }),
  ]);
}

/** Runs work on the turns, documents and votes of one service: row-level security hides all others. */
export function asService<T>(pool: Pool, service: string, work: (client: ClientBase) => Promise<T>): Promise<T> {
  return inTransaction(pool, work, (client) => beginAsService(client, service));
}

/**
 * As `asService`, in one round trip on a pipelining pool: the commit is sent along with the work.
 * @param work sends all its statements before it first waits. If one fails, the server rolls back instead of committing
 */
export async function asServiceAtOnce<T>(
  pool: Pool,
  service: string,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const [, result] = await Promise.all([beginAsService(client, service), work(client), client.query('commit')]);
    return result;
  } catch (error) {
    // What was sent after the statement that failed may be on its way still.
    broken = error instanceof Error ? error : new Error('the connection is in an unknown state');
    throw error;
  } finally {
    client.release(broken);
  }
}

function beginAsService(client: ClientBase, service: string): Promise<unknown> {
  return Promise.all([
    client.query('begin'),
    client.query({ name: 'set-service', text: `select set_config('app.service', $1, true)`, values: [service] }),
  ]);
}
