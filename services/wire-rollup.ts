/** Ties the rollup to its database: the same for the worker's nights and for a person's command. */
import { hostname } from 'node:os';
import { describeJobError } from './describe-job-error.ts';
import type { Pool } from './postgres/connect.ts';
import { rollUpDay } from './postgres/roll-up-day.ts';
import { createRollupLedger } from './postgres/rollup-ledger.ts';
import { createRollDay, type Retry, type RollDay } from './rollup/roll-day.ts';

/** A worker that dies keeps a day for this long. */
const leaseMs = 60_000;

export function wireRollDay(pool: Pool, retry: Retry): RollDay {
  return createRollDay({
    ledger: createRollupLedger(pool, { worker: `${hostname()}:${process.pid}`, leaseMs }),
    writeDay: (day, run) => rollUpDay(pool, day, run),
    retry,
    renewEveryMs: leaseMs / 3,
    describe: describeJobError,
  });
}
