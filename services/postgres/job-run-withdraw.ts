/** Takes a claim back whose day has been done meanwhile. */
import type { ClientBase } from 'pg';

/**
 * To be asked after the claim, in its transaction: whoever holds the lease sees every success before it.
 * @returns whether it was taken back
 */
export async function withdrawJobRun(client: ClientBase, id: string, since: Date | null): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'job-run-withdraw',
    text: `
      delete from job_run mine
      where id = $1 and exists (
        select from job_run
        where job = mine.job and day = mine.day and state = 'succeeded' and started_at >= $2::timestamptz
      )`,
    values: [id, since],
  });
  return rowCount === 1;
}
