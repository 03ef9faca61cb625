/** Renews a run's lease. */
import type { Pool } from 'pg';

/** @returns false where the lease is lost: it ran out and another worker has taken the day over */
export async function renewJobRun(pool: Pool, id: string, leaseMs: number): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'job-run-renew',
    text: `
      update job_run set lease_until = now() + $2::integer * interval '1 millisecond'
      where id = $1 and state = 'running'`,
    values: [id, leaseMs],
  });
  return rowCount === 1;
}
