/** Gives a lease back unused: a run that was told to stop is no failure. */
import type { Pool } from 'pg';

export async function giveBackJobRun(pool: Pool, id: string): Promise<void> {
  await pool.query({
    name: 'job-run-give-back',
    text: `delete from job_run where id = $1 and state = 'running'`,
    values: [id],
  });
}
