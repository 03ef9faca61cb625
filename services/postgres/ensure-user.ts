/** Makes the row of a user seen for the first time. */
import { DatabaseError, type Pool } from 'pg';

type User = { readonly id: string; readonly email: string | null; readonly role: string };

/**
 * The LMS owns users: a row that is there is never changed. An e-mail address that another row holds already is left
 * out, because the token's subject decides who somebody is.
 */
export async function ensureUser(pool: Pool, user: User): Promise<void> {
  try {
    await insertUser(pool, user);
  } catch (error) {
    // Another request gave the same address to its own user between our look and our insert; now we see it.
    if (!isUniqueViolation(error)) throw error;
    await insertUser(pool, user);
  }
}

async function insertUser(pool: Pool, { id, email, role }: User): Promise<void> {
  await pool.query({
    name: 'ensure-user',
    text: `
      insert into users (id, email, role)
      select $1, case when exists (select from users where email = $2) then null else $2 end, $3
      where not exists (select from users where id = $1)
      on conflict (id) do nothing`,
    values: [id, email, role],
  });
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23505';
}
