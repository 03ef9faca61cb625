/** Marks the runs of a job as failed whose worker has died: their leases have run out, and that was their end. */
import type { Pool } from 'pg';

export async function expireJobRuns(pool: Pool, job: string): Promise<void> {
  await pool.query({
    name: 'job-run-expire',
    text: `
      update job_run
      set state = 'failed', finished_at = lease_until, rows_written = 0, error = 'the worker stopped before the run was over'
      where job = $1 and state = 'running' and lease_until < now()`,
    values: [job],
  });
}
