/** Ties a job to its ledger: the same for the worker's schedules and for a person's command. */
import { hostname } from 'node:os';
import { describeJobError } from '../logging/describe-error.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { createJobLedger, type Job, jobs } from '../postgres/jobs/job-ledger.ts';
import { rollUpDay } from '../postgres/metrics/roll-up-day.ts';
import { createLeasedRun, type LeasedRun, type Retry, type Work } from '../rollup/leased-run.ts';
import type { RollDay } from '../rollup/roll-day.ts';

/** For a command: a person waits half a second and a second, then the reason is shown. */
export const commandRetry: Retry = { retries: 2, minTimeout: 500, factor: 2 };
/** A worker that dies keeps a day for this long. */
const leaseMs = 60_000;

/** One run, under the lease of the day. */
export type Run = {
  readonly runId: string;
  /** A run of this day that succeeded since then makes this one unnecessary; null: run in any case. */
  readonly since: Date | null;
  readonly signal: AbortSignal;
};

export function wireJob<Outcome>(pool: Pool, job: Job, work: Work<Outcome>, retry: Retry): LeasedRun<Outcome> {
  return createLeasedRun({
    ledger: createJobLedger(pool, { job, worker: `${hostname()}:${process.pid}`, leaseMs }),
    work,
    retry,
    renewEveryMs: leaseMs / 3,
    describe: describeJobError,
  });
}

export function wireRollDay(pool: Pool, retry: Retry): RollDay {
  return wireJob(pool, jobs.rollup, (day, run) => rollUpDay(pool, day, run), retry);
}
