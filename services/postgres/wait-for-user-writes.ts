/** Waits until every transaction that is writing rows of a user has ended. */
import type { ClientBase } from 'pg';

/**
 * A row's foreign key holds its user's row until the commit; this asks for the same row alone. The recorder waits behind it,
 * so it gives up (SQLSTATE 55P03) when some other program holds the row for seconds.
 */
export async function waitForUserWrites(client: ClientBase, userId: string): Promise<void> {
  await client.query(`set local lock_timeout = '3s'`);
  await client.query({ text: 'select from users where id = $1 for update', values: [userId] });
}
