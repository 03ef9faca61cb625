/** Deletes the marks of erasures that no answer can be waiting behind any more. */
import type { Pool } from 'pg';

/** @returns how many */
export async function deleteOldErasureFences(pool: Pool, before: Date): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'delete-old-erasure-fences',
    text: 'delete from erasure_fence where asked_until < $1',
    values: [before],
  });
  return rowCount ?? 0;
}
