/** Does work in a transaction whose changes of the registry are audited under a name. */
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from './in-transaction.ts';

/** @param actor `user:ID` or `command:NAME` */
export function asActor<T>(pool: Pool, actor: string, work: (client: ClientBase) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query(`select set_config('app.actor', $1, true)`, [actor]);
    return work(client);
  });
}
