/** Deletes the row of a user that a restored backup brought back, and not that of somebody who came again since. */
import type { ClientBase } from 'pg';

/**
 * @param given.erasedAt an account that was made later stays, and so does one with questions of later
 * @returns how many: 1 or 0. @throws SQLSTATE 23503 or 23001 where another table holds on to it
 */
export async function deleteRestoredUser(
  client: ClientBase,
  { userId, erasedAt }: { userId: string; erasedAt: Date },
): Promise<number> {
  const { rowCount } = await client.query({
    // An LMS's table may lack created_at.
    text: `
      delete from users
      where id = $1
        and ((to_jsonb(users) ->> 'created_at')::timestamptz > $2) is not true
        and not exists (select from ai_dialogue_log where user_id = $1)
        and not exists (select from idempotency_key where user_id = $1)`,
    values: [userId, erasedAt],
  });
  return rowCount ?? 0;
}
