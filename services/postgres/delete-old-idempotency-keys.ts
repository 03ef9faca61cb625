/** Deletes the idempotency keys that nobody will send again. */
import type { Pool } from 'pg';

/** @returns how many */
export async function deleteOldIdempotencyKeys(pool: Pool, before: Date): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'delete-old-idempotency-keys',
    text: 'delete from idempotency_key where created_at < $1',
    values: [before],
  });
  return rowCount ?? 0;
}
