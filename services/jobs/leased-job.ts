/** Runs a job under a lease of the job ledger, for the worker's schedules and for commands alike. */
import { hostname } from 'node:os';
import { describeJobError } from '../logging/describe-error.ts';
import type { Client, Pool } from '../postgres/client/connect.ts';
import { createJobLedger, type Job, jobs } from '../postgres/jobs/job-ledger.ts';
import { succeedJobRun } from '../postgres/jobs/job-runs.ts';
import { rollUpDay } from '../postgres/metrics/roll-up-day.ts';
import type { Day } from '../rollup/day.ts';
import { createLeasedRun, type LeasedRun, type Retry } from '../rollup/leased-run.ts';
import type { RollDay } from '../rollup/run.ts';

/** For commands: two retries within two seconds, then the operator sees the reason. */
export const commandRetry: Retry = { retries: 2, minTimeout: 500, factor: 2 };
/** A worker that dies holds its lease for this long. */
const leaseMs = 60_000;

/** One run of a day. */
export type Run = {
  readonly runId: string;
  /** Skip the run if another one of this day has succeeded since then; null: run in any case. */
  readonly since: Date | null;
  readonly signal: AbortSignal;
};

type Work<Outcome> = (
  day: Day,
  run: {
    readonly leaseId: string;
    readonly attempts: number;
    readonly signal: AbortSignal;
    /**
     * Ends the run in the ledger. Call it last, with the client of the transaction that writes the outcome if there is
     * one.
     * @throws {LeaseLost}
     */
    readonly succeed: (rowsWritten: number, client?: Client) => Promise<void>;
  },
) => Promise<Outcome>;

/** @param work retried when it throws, unless it throws RunFailed; calls `succeed` last */
export function createJob<Outcome>(pool: Pool, job: Job, work: Work<Outcome>, retry: Retry): LeasedRun<Outcome> {
  return createLeasedRun({
    ledger: createJobLedger(pool, { job, worker: `${hostname()}:${process.pid}`, leaseMs }),
    work: (day, run) => {
      const { leaseId, attempts } = run;
      const succeed = (rowsWritten: number, client: Client | Pool = pool) =>
        succeedJobRun(client, leaseId, { attempts, rowsWritten });
      return work(day, { ...run, succeed });
    },
    retry,
    renewEveryMs: leaseMs / 3,
    describe: describeJobError,
  });
}

export function createRollDay(pool: Pool, retry: Retry): RollDay {
  return createJob(pool, jobs.rollup, (day, run) => rollUpDay(pool, day, run), retry);
}
