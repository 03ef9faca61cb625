/** Ends an erasure: what is asked from now on is recorded again. */
import type { Pool } from 'pg';

export async function settleErasureFence(
  pool: Pool,
  { id, askedUntil }: { id: string; askedUntil: Date },
): Promise<void> {
  await pool.query({ text: 'update erasure_fence set asked_until = $2 where id = $1', values: [id, askedUntil] });
}
