/** Statements on the job_run table: claim, renew, end and expire a lease. */
import type { ClientBase, Pool } from 'pg';
import type { Day } from '../../rollup/day.ts';
import { LeaseLost } from '../../rollup/leased-run.ts';
import { inTransaction } from '../client/transaction.ts';

type JobClaim = {
  readonly runId: string;
  readonly job: string;
  readonly day: Day;
  /** Identifies the process in the table. */
  readonly worker: string;
  readonly leaseMs: number;
  /** Skip the run if one has succeeded since then; null: run in any case. */
  readonly since: Date | null;
};

/**
 * Inserts the row of a running run: the lease of a job's day. It may wait for the run that holds the lease; a success
 * committed during that wait is not seen.
 * @returns the run's id; null while another run holds the lease, or if one had succeeded since `since`
 */
async function claimJobRun(client: ClientBase, claim: JobClaim): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>({
    name: 'job-run-claim',
    text: `
      insert into job_run (run_id, job, day, state, worker, lease_until)
      select $1::uuid, $2::text, $3::date, 'running', $4::text, now() + $5::integer * interval '1 millisecond'
      where not exists (
        select from job_run where job = $2 and day = $3 and state = 'succeeded' and started_at >= $6::timestamptz
      )
      -- Conflicts with the lease of the day, or of a source, which has one sync at a time whatever the day.
      on conflict do nothing
      returning id`,
    values: [claim.runId, claim.job, claim.day, claim.worker, claim.leaseMs, claim.since],
  });
  return rows[0]?.id ?? null;
}

/** Marks runs with an expired lease as failed, because their worker has died. */
export async function expireJobRuns(pool: Pool, job: string): Promise<void> {
  await pool.query({
    name: 'job-run-expire',
    text: `
      update job_run
      set state = 'failed', finished_at = lease_until, rows_written = 0, error = 'the worker stopped before the run ended'
      where job = $1 and state = 'running' and lease_until < now()`,
    values: [job],
  });
}

/**
 * Ends a failed run.
 * @param error one line, without user text
 */
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

/** Releases an unused lease: a stopped run is not a failure. */
export async function releaseJobRun(pool: Pool, id: string): Promise<void> {
  await pool.query({
    name: 'job-run-release',
    text: `delete from job_run where id = $1 and state = 'running'`,
    values: [id],
  });
}

/**
 * Renews a run's lease.
 * @returns false if the lease is lost: it expired and another worker took over the day
 */
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

/**
 * Ends a run successfully. Call it last, in the transaction that writes the outcome.
 * @throws {LeaseLost} so that the caller's transaction is rolled back
 */
export async function succeedJobRun(
  db: ClientBase | Pool,
  id: string,
  { attempts, rowsWritten }: { attempts: number; rowsWritten: number },
): Promise<void> {
  const { rowCount } = await db.query({
    name: 'job-run-succeed',
    text: `
      update job_run
      set state = 'succeeded', finished_at = clock_timestamp(), attempts = $2, rows_written = $3
      where id = $1 and state = 'running'`,
    values: [id, attempts, rowsWritten],
  });
  if (rowCount !== 1) throw new LeaseLost();
}

/**
 * Withdraws a claim if the day has succeeded meanwhile. Call it after the claim, in its transaction: the lease holder
 * sees every earlier success.
 * @returns whether the claim was withdrawn
 */
async function withdrawJobRun(client: ClientBase, id: string, since: Date | null): Promise<boolean> {
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

/**
 * Acquires the lease of a job's day: the row of a running run. Only the database's clock counts, so workers' clocks may
 * differ. A claim that waited for an earlier run is checked again by a statement that sees how that run ended; until
 * then the claim is invisible to others.
 * @returns the run's id; null while another run holds the lease, or if one has succeeded since `since`
 */
export function acquireJobRun(pool: Pool, claim: JobClaim): Promise<string | null> {
  return inTransaction(pool, async (client) => {
    const id = await claimJobRun(client, claim);
    return id === null || (await withdrawJobRun(client, id, claim.since)) ? null : id;
  });
}
