/** Records a job's runs and leases in job_run. */
import type { Pool } from 'pg';
import type { Ledger } from '../../rollup/leased-run.ts';
import { acquireJobRun, expireJobRuns, failJobRun, releaseJobRun, renewJobRun } from './job-runs.ts';

/** The jobs' names in job_run. */
export const jobs = {
  rollup: 'rollup',
  contentRetention: 'content_retention',
  dialogueRetention: 'dialogue_retention',
  contentVerification: 'content_verification',
  reconciliation: 'reconciliation',
  embeddings: 'embeddings',
} as const;

/** Each source has a job of its own. */
export const syncJob = (source: string) => `sync:${source}` as const;

export type Job = (typeof jobs)[keyof typeof jobs] | ReturnType<typeof syncJob>;

/** @param worker identifies this process in the table */
export function createJobLedger(
  pool: Pool,
  { job, worker, leaseMs }: { job: Job; worker: string; leaseMs: number },
): Ledger {
  return {
    async acquireLease({ runId, day, since }) {
      await expireJobRuns(pool, job);
      return acquireJobRun(pool, { runId, job, day, worker, leaseMs, since });
    },
    renewLease: (leaseId) => renewJobRun(pool, leaseId, leaseMs),
    releaseLease: (leaseId) => releaseJobRun(pool, leaseId),
    failRun: (leaseId, failure) => failJobRun(pool, leaseId, failure),
  };
}
