/** Asks the workers to sync a source. */
import type { Pool } from 'pg';

/** @returns false where it is disabled */
export async function requestSync(pool: Pool, source: string): Promise<boolean> {
  const { rows } = await pool.query<{ requested: boolean }>({
    name: 'request-sync',
    text: 'select rag_request_sync($1) as requested',
    values: [source],
  });
  return rows[0]?.requested === true;
}
