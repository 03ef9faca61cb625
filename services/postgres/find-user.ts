/** Finds a user's row by id or by e-mail address. */
import type { Pool } from 'pg';

export type FoundUser = { readonly id: string; readonly dialogues: number };

/** @param user.email lower case; it finds more than the id does where an LMS gave the address another id */
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
