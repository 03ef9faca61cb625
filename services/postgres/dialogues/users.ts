/** Statements of the users table, which an LMS may own. */
import { type ClientBase, DatabaseError, type Pool } from 'pg';
import { asUser } from '../client/transaction.ts';

type User = { readonly id: string; readonly email: string | null; readonly role: string };

/**
 * Makes the row of a user seen for the first time.
 * The LMS owns users: a row that is there is never changed. An e-mail address that another row holds already is left
 * out, because the token's subject decides who somebody is.
 */
export async function ensureUser(pool: Pool, user: User): Promise<void> {
  const insert = () => asUser(pool, user.id, (client) => insertUser(client, user));
  try {
    await insert();
  } catch (error) {
    // Another request gave the same address to its own user between our look and our insert; now we see it.
    if (!isUniqueViolation(error)) throw error;
    await insert();
  }
}

async function insertUser(client: ClientBase, { email, role }: User): Promise<void> {
  await client.query({ name: 'ensure-user', text: 'select rag_ensure_user($1, $2)', values: [email, role] });
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23505';
}

export type FoundUser = { readonly id: string; readonly dialogues: number };

/**
 * Finds a user's row by id or by e-mail address.
 * @param user.email lower case; it finds more than the id does where an LMS gave the address another id
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
