/** Statements of the job_run table: claim, renew, end and expire a lease. */
import type { ClientBase, Pool } from 'pg';
import type { Day } from '../../rollup/day.ts';
import { inTransaction } from '../client/transaction.ts';

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
 * Writes the row of a run that is to be under way: the lease of a job's day.
 * It may wait for the run that holds the lease to end, and a success that is committed meanwhile is not seen.
 * @returns the run's id; null while another run holds the lease, or where one had succeeded since `since`
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
      -- On the lease of the day, or on that of a source, which is synced once at a time whatever the day.
      on conflict do nothing
      returning id`,
    values: [claim.runId, claim.job, claim.day, claim.worker, claim.leaseMs, claim.since],
  });
  return rows[0]?.id ?? null;
}

/** Marks the runs of a job as failed whose worker has died: their leases have run out, and that was their end. */
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

/**
 * Ends a run that has failed.
 * @param error one line, without text of users
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

/** Gives a lease back unused: a run that was told to stop is no failure. */
export async function giveBackJobRun(pool: Pool, id: string): Promise<void> {
  await pool.query({
    name: 'job-run-give-back',
    text: `delete from job_run where id = $1 and state = 'running'`,
    values: [id],
  });
}

/**
 * Renews a run's lease.
 * @returns false where the lease is lost: it ran out and another worker has taken the day over
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
 * Ends a run that has done its work.
 * @returns false where the run is no longer ours to end: the caller rolls its work back
 */
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

/**
 * Takes a claim back whose day has been done meanwhile.
 * To be asked after the claim, in its transaction: whoever holds the lease sees every success before it.
 * @returns whether it was taken back
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
 * Takes the lease of a job's day: the row of a run that is under way.
 * The database's clock counts, so that workers need not agree on the time. A claim that waited for the run before it asks once
 * more, by a statement that sees that run's end; until then nobody else sees the claim.
 * @returns the run's id; null while another run holds the lease, or where one has succeeded since `since`
 */
export function takeJobRun(pool: Pool, claim: JobClaim): Promise<string | null> {
  return inTransaction(pool, async (client) => {
    const id = await claimJobRun(client, claim);
    return id === null || (await withdrawJobRun(client, id, claim.since)) ? null : id;
  });
}
