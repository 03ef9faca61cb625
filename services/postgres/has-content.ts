/** Tells whether any content was ever taken in. */
import type { Pool } from 'pg';

/** Counts content that was removed since, too. */
export async function hasContent(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    "select exists (select from provenance where content_type <> 'ai_response') as found",
  );
  return rows[0]?.found === true;
}
