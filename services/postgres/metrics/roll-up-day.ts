/** Computes a day and writes its row, together with the success of its run, in one transaction. */
import type { Pool } from 'pg';
import { addDays, type Day, startOf } from '../../rollup/day.ts';
import { LeaseLost, RunFailed } from '../../rollup/leased-run.ts';
import { type PeriodMetrics, verdict } from '../../rollup/period-metrics.ts';
import { inTransaction } from '../client/transaction.ts';
import { succeedJobRun } from '../jobs/job-runs.ts';
import { dialoguesDeletedBefore } from '../retention/old-dialogues.ts';
import { upsertRagMetrics } from './daily-metrics.ts';
import { measurePeriod } from './measure-period.ts';

/**
 * The lease is asked for last, in the same transaction: a worker that had been taken over while it computed writes nothing.
 * @throws {LeaseLost}
 * @throws {RunFailed} for a day whose dialogues retention has deleted: computed again, it would come out empty
 */
export function rollUpDay(pool: Pool, day: Day, run: { leaseId: string; attempts: number }): Promise<PeriodMetrics> {
  return inTransaction(pool, async (client) => {
    const metrics = await measurePeriod(client, { from: startOf(day), to: startOf(addDays(day, 1)) });
    const deletedBefore = await dialoguesDeletedBefore(client);
    if (deletedBefore !== null && startOf(day) < deletedBefore) {
      throw new RunFailed("the day's dialogues have been deleted for their age; its row stays as it was");
    }
    await upsertRagMetrics(client, day, metrics, verdict(metrics));
    if (!(await succeedJobRun(client, run.leaseId, { attempts: run.attempts, rowsWritten: 1 }))) throw new LeaseLost();
    return metrics;
  });
}
