/** Computes a day and writes its row, together with the success of its run, in one transaction. */
import type { Pool } from 'pg';
import { addDays, type Day, startOf } from '../rollup/day.ts';
import { LeaseLost } from '../rollup/leased-run.ts';
import { type PeriodMetrics, verdict } from '../rollup/period-metrics.ts';
import { inTransaction } from './in-transaction.ts';
import { succeedJobRun } from './job-run-succeed.ts';
import { measurePeriod } from './measure-period.ts';
import { upsertRagMetrics } from './upsert-rag-metrics.ts';

/**
 * The lease is asked for last, in the same transaction: a worker that had been taken over while it computed writes nothing.
 * @throws {LeaseLost}
 */
export function rollUpDay(pool: Pool, day: Day, run: { leaseId: string; attempts: number }): Promise<PeriodMetrics> {
  return inTransaction(pool, async (client) => {
    const metrics = await measurePeriod(client, { from: startOf(day), to: startOf(addDays(day, 1)) });
    await upsertRagMetrics(client, day, metrics, verdict(metrics));
    if (!(await succeedJobRun(client, run.leaseId, { attempts: run.attempts, rowsWritten: 1 }))) throw new LeaseLost();
    return metrics;
  });
}
