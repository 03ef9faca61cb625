/** Counts the provenance rows whose content has expired and has not been removed. */
import type { Pool } from 'pg';

export async function countExpiredContent(pool: Pool, at: Date): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: 'count-expired-content',
    text: `
      select count(*) from provenance
      where retention_years is not null and expires_at <= $1 and removed_at is null and content_type <> 'ai_response'`,
    values: [at],
  });
  return rows[0]?.count ?? 0;
}
