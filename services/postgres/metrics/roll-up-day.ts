/** Rolls up a day and ends its run, in one transaction. */
import type { Pool } from 'pg';
import { addDays, type Day, startOf } from '../../rollup/day.ts';
import { RunFailed } from '../../rollup/leased-run.ts';
import { type PeriodMetrics, verdict } from '../../rollup/period-metrics.ts';
import { inTransaction } from '../client/transaction.ts';
import { succeedJobRun } from '../jobs/job-runs.ts';
import { dialoguesDeletedBefore } from '../retention/old-dialogues.ts';
import { upsertRagMetrics } from './daily-metrics.ts';
import { measurePeriod } from './measure-period.ts';

/**
 * The lease is checked last, in the same transaction: a worker that lost it meanwhile writes nothing.
 * @throws {LeaseLost}
 * @throws {RunFailed} for a day whose dialogues were deleted by retention: recomputed, it would be empty
 */
export function rollUpDay(pool: Pool, day: Day, run: { leaseId: string; attempts: number }): Promise<PeriodMetrics> {
  return inTransaction(pool, async (client) => {
    const metrics = await measurePeriod(client, { from: startOf(day), to: startOf(addDays(day, 1)) });
    const deletedBefore = await dialoguesDeletedBefore(client);
    if (deletedBefore !== null && startOf(day) < deletedBefore) {
      throw new RunFailed("retention has deleted the day's dialogues; its row was left unchanged");
    }
    await upsertRagMetrics(client, day, metrics, verdict(metrics));
    await succeedJobRun(client, run.leaseId, { attempts: run.attempts, rowsWritten: 1 });
    return metrics;
  });
}
