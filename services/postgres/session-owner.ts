/** Finds out whose session an id is. */
import type { Pool } from 'pg';

/** Null where nobody has asked anything in this session yet. */
export async function sessionOwner(pool: Pool, sessionId: string): Promise<string | null> {
  const { rows } = await pool.query<{ user_id: string }>({
    name: 'session-owner',
    text: 'select user_id from ai_dialogue_log where session_id = $1 limit 1',
    values: [sessionId],
  });
  return rows[0]?.user_id ?? null;
}
