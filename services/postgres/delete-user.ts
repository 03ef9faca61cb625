/** Deletes the LMS's own row of a user; content that they took in stays, and forgets by whom. */
import type { ClientBase } from 'pg';

/** @returns how many: 1, or 0 where there is none. @throws SQLSTATE 23503 or 23001 where another table holds on to it */
export async function deleteUser(client: ClientBase, userId: string): Promise<number> {
  const { rowCount } = await client.query({ text: 'delete from users where id = $1', values: [userId] });
  return rowCount ?? 0;
}
