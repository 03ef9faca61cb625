/** Deletes the LMS's own row of the asker; content that they took in stays, and forgets by whom. */
import type { ClientBase } from 'pg';

/**
 * @param client within `asUser`
 * @returns how many: 1, or 0 where there is none. @throws SQLSTATE 23503 or 23001 where another table holds on to it
 */
export async function deleteOwnAccount(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ deleted: number }>('select rag_delete_own_account() as deleted');
  return rows[0]?.deleted ?? 0;
}
