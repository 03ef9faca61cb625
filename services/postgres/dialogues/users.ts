/** Statements on the users table, which an LMS may own. */
import type { ClientBase, Pool } from 'pg';
import { isUniqueViolation } from '../client/errors.ts';
import { asUser } from '../client/transaction.ts';

type User = { readonly id: string; readonly email: string | null; readonly role: string };

/**
 * Inserts the row of a user seen for the first time. The LMS owns users: existing rows are never changed. An e-mail
 * address that another row already has is omitted, because the token's subject identifies the user.
 */
export async function ensureUser(pool: Pool, user: User): Promise<void> {
  const insert = () => asUser(pool, user.id, (client) => insertUser(client, user));
  try {
    await insert();
  } catch (error) {
    // A concurrent request inserted the same address for its own user; the second attempt sees it.
    if (!isUniqueViolation(error)) throw error;
    await insert();
  }
}

async function insertUser(client: ClientBase, { email, role }: User): Promise<void> {
  await client.query({ name: 'ensure-user', text: 'select rag_ensure_user($1, $2)', values: [email, role] });
}

export type FoundUser = { readonly id: string; readonly dialogues: number };

/**
 * Finds users by id or e-mail address.
 * @param user.email lower case; it may match another row than the id, where the LMS gave the address its own id
 */
export async function findUsers(pool: Pool, user: { id: string; email?: string }): Promise<readonly FoundUser[]> {
  const { rows } = await pool.query<FoundUser>({
    text: `
      select named.id, (select count(*) from ai_dialogue_log dialogue where dialogue.user_id = named.id) as dialogues
      from rag_find_users($1, $2) as named (id)
      order by id`,
    values: [user.id, user.email ?? null],
  });
  return rows;
}
