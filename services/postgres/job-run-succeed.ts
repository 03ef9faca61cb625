/** Ends a run that has done its work. */
import type { ClientBase, Pool } from 'pg';

/** @returns false where the run is no longer ours to end: the caller rolls its work back */
export async function succeedJobRun(
  db: ClientBase | Pool,
  id: string,
  { attempts, rowsWritten }: { attempts: number; rowsWritten: number },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'job-run-succeed',
    text: `
      update job_run
      set state = 'succeeded', finished_at = clock_timestamp(), attempts = $2, rows_written = $3
      where id = $1 and state = 'running'`,
    values: [id, attempts, rowsWritten],
  });
  return rowCount === 1;
}
