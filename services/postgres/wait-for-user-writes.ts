/** Waits until every transaction that is writing rows of the asker has ended. */
import type { ClientBase } from 'pg';

/**
 * A row's foreign key holds its user's row until the commit; this asks for the same row alone. The recorder waits behind it,
 * so it gives up (SQLSTATE 55P03) when some other program holds the row for seconds.
 * @param client within `asUser`
 */
export async function waitForUserWrites(client: ClientBase): Promise<void> {
  await client.query(`set local lock_timeout = '3s'`);
  await client.query('select rag_await_own_writes()');
}
