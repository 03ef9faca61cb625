/** Writes the row of a run that is to be under way: the lease of a job's day. */
import type { ClientBase } from 'pg';
import type { Day } from '../rollup/day.ts';

export type JobClaim = {
  readonly runId: string;
  readonly job: string;
  readonly day: Day;
  /** Who asks, for people who read the table. */
  readonly worker: string;
  readonly leaseMs: number;
  /** A success since then makes the run unnecessary; null: run in any case. */
  readonly since: Date | null;
};

/**
 * It may wait for the run that holds the lease to end, and a success that is committed meanwhile is not seen.
 * @returns the run's id; null while another run holds the lease, or where one had succeeded since `since`
 */
export async function claimJobRun(client: ClientBase, claim: JobClaim): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>({
    name: 'job-run-claim',
    text: `
      insert into job_run (run_id, job, day, state, worker, lease_until)
      select $1::uuid, $2::text, $3::date, 'running', $4::text, now() + $5::integer * interval '1 millisecond'
      where not exists (
        select from job_run where job = $2 and day = $3 and state = 'succeeded' and started_at >= $6::timestamptz
      )
      -- On the lease of the day, or on that of a source, which is synced once at a time whatever the day.
      on conflict do nothing
      returning id`,
    values: [claim.runId, claim.job, claim.day, claim.worker, claim.leaseMs, claim.since],
  });
  return rows[0]?.id ?? null;
}
