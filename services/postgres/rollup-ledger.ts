/** The rollup's ledger of runs and leases, in job_run. */
import type { Pool } from 'pg';
import type { Ledger } from '../rollup/roll-day.ts';
import { expireJobRuns } from './job-run-expire.ts';
import { failJobRun } from './job-run-fail.ts';
import { giveBackJobRun } from './job-run-give-back.ts';
import { renewJobRun } from './job-run-renew.ts';
import { takeJobRun } from './job-run-take.ts';

/** The job's name in job_run. */
export const rollupJob = 'rollup';

/** @param worker who runs here, for people who read the table */
export function createRollupLedger(pool: Pool, { worker, leaseMs }: { worker: string; leaseMs: number }): Ledger {
  return {
    async takeLease({ runId, day, since }) {
      await expireJobRuns(pool, rollupJob);
      return takeJobRun(pool, { runId, job: rollupJob, day, worker, leaseMs, since });
    },
    renewLease: (leaseId) => renewJobRun(pool, leaseId, leaseMs),
    giveBackLease: (leaseId) => giveBackJobRun(pool, leaseId),
    failRun: (leaseId, failure) => failJobRun(pool, leaseId, failure),
  };
}
