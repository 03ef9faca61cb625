/** Makes the row of a user seen for the first time. */
import { type ClientBase, DatabaseError, type Pool } from 'pg';
import { asUser } from './as-user.ts';

type User = { readonly id: string; readonly email: string | null; readonly role: string };

/**
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
