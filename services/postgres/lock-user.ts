/** Holds a user's row until the transaction ends: what is being recorded of them is seen then, and nothing is recorded meanwhile. */
import type { ClientBase } from 'pg';

/** @throws SQLSTATE 55P03 when some other program holds the row for seconds: the recorder waits behind us */
export async function lockUser(client: ClientBase, userId: string): Promise<void> {
  await client.query(`set local lock_timeout = '3s'`);
  await client.query({ text: 'select from users where id = $1 for update', values: [userId] });
}
