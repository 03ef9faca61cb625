/** Ends a run that has failed. */
import type { Pool } from 'pg';

/** @param error one line, without text of users */
export async function failJobRun(
  pool: Pool,
  id: string,
  { attempts, error, rowsWritten }: { attempts: number; error: string; rowsWritten: number },
): Promise<void> {
  await pool.query({
    name: 'job-run-fail',
    text: `
      update job_run
      set state = 'failed', finished_at = now(), attempts = $2, rows_written = $4, error = $3
      where id = $1 and state = 'running'`,
    values: [id, attempts, error, rowsWritten],
  });
}
