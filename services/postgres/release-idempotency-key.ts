/** Frees an Idempotency-Key whose question failed, so that asking again is a new try. */
import type { Pool } from 'pg';

export async function releaseIdempotencyKey(
  pool: Pool,
  { userId, key }: { userId: string; key: string },
): Promise<void> {
  await pool.query({
    name: 'release-idempotency-key',
    text: 'delete from idempotency_key where user_id = $1 and key = $2',
    values: [userId, key],
  });
}
