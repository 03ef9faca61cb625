/** Rolls up a day, over all services and by service, and ends its run, in one transaction. */
import type { ClientBase, Pool } from 'pg';
import { addDays, type Day, startOf } from '../../rollup/day.ts';
import { RunFailed } from '../../rollup/leased-run.ts';
import { type PeriodMetrics, verdict } from '../../rollup/period-metrics.ts';
import { inTransaction } from '../client/transaction.ts';
import { succeedJobRun } from '../jobs/job-runs.ts';
import { dialoguesDeletedBefore } from '../retention/old-dialogues.ts';
import { upsertRagMetrics } from './daily-metrics.ts';
import { measurePeriod, servicesOfPeriod } from './measure-period.ts';

/**
 * The lease is checked last, in the same transaction: a worker that lost it meanwhile writes nothing.
 * @throws {LeaseLost}
 * @throws {RunFailed} for a day whose dialogues were deleted by retention: recomputed, it would be empty
 */
export function rollUpDay(pool: Pool, day: Day, run: { leaseId: string; attempts: number }): Promise<PeriodMetrics> {
  return inTransaction(pool, async (client) => {
    const period = { from: startOf(day), to: startOf(addDays(day, 1)) };
    const metrics = await measurePeriod(client, period);
    const deletedBefore = await dialoguesDeletedBefore(client);
    if (deletedBefore !== null && startOf(day) < deletedBefore) {
      throw new RunFailed("retention has deleted the day's dialogues; its row was left unchanged");
    }
    await upsertRagMetrics(client, day, metrics, verdict(metrics));
    const asked = metrics.totalQueries + metrics.failedQueries > 0;
    const services = asked ? await servicesOfPeriod(client, period) : [];
    for (const service of services) {
      // Where there is one service, its day is the day.
      const own = services.length === 1 ? metrics : await measurePeriod(client, { ...period, service });
      await upsertRagMetrics(client, day, own, verdict(own), service);
    }
    await deleteOtherServices(client, day, services);
    await succeedJobRun(client, run.leaseId, { attempts: run.attempts, rowsWritten: 1 + services.length });
    return metrics;
  });
}

/** A service whose turns of the day were erased has no row. */
async function deleteOtherServices(client: ClientBase, day: Day, services: readonly string[]): Promise<void> {
  await client.query({
    name: 'delete-other-services',
    text: 'delete from rag_service_metrics_history where date = $1 and service <> all ($2)',
    values: [day, services],
  });
}
