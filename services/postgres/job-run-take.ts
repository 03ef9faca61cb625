/** Takes the lease of a job's day: the row of a run that is under way. */
import type { Pool } from 'pg';
import type { Day } from '../rollup/day.ts';

type JobClaim = {
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
 * The database's clock counts, so that workers need not agree on the time.
 * @returns the run's id; null while another run holds the lease, or where one has succeeded since `since`
 */
export async function takeJobRun(pool: Pool, claim: JobClaim): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'job-run-take',
    text: `
      insert into job_run (run_id, job, day, state, worker, lease_until)
      select $1::uuid, $2::text, $3::date, 'running', $4::text, now() + $5::integer * interval '1 millisecond'
      where not exists (
        select from job_run where job = $2 and day = $3 and state = 'succeeded' and started_at >= $6::timestamptz
      )
      on conflict (job, day) where state = 'running' do nothing
      returning id`,
    values: [claim.runId, claim.job, claim.day, claim.worker, claim.leaseMs, claim.since],
  });
  return rows[0]?.id ?? null;
}
