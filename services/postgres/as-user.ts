/** Does work on a user's own rows: the database lets it see and change no others. */
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from './in-transaction.ts';

/**
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
