/** The reconciliation job: compares Prometheus counters with the rows in the database, once a day. */
import { randomUUID } from 'node:crypto';
import type { Log } from '../logging/log.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { inTransaction } from '../postgres/client/transaction.ts';
import { jobs } from '../postgres/jobs/job-ledger.ts';
import { succeedJobRun } from '../postgres/jobs/job-runs.ts';
import { countExchanges, latestReconciliation, writeReconciliation } from '../postgres/metrics/reconciliation.ts';
import { addDays, type Day, dayOf, daysBetween, startOf } from '../rollup/day.ts';
import { LeaseLost, type Retry, type RunResult } from '../rollup/leased-run.ts';
import { differences, type Reconciliation } from '../rollup/reconciliation.ts';
import { runDays } from '../rollup/run.ts';
import { parseDuration } from '../slo/duration.ts';
import { limits } from '../slo/limits.ts';
import { countInPrometheus } from '../telemetry/metrics/count-in-prometheus.ts';
import { createQueryPrometheus } from '../telemetry/prometheus/query-prometheus.ts';
import { wireJob } from './leased-job.ts';

/** Says in the worker's log how a day of Prometheus and of the database differed. */
export function logReconciliation(log: Log, result: RunResult<Reconciliation>): void {
  const { day } = result;
  if (result.state === 'failed') {
    log.error({ day, reason: result.error }, 'a day could not be compared with Prometheus');
  }
  if (result.state !== 'succeeded') return;
  const { outcome } = result;
  const { stored, erasedAnswers, unwatchedSeconds } = outcome;
  log.info(
    { day, stored, differences: differences(outcome), erasedAnswers, unwatchedSeconds },
    outcome.counted === null ? 'Prometheus did not watch the day' : 'a day was compared with Prometheus',
  );
}

type Given = { readonly pool: Pool; readonly retry: Retry; readonly now: () => Date };

/** Days that are compared after a while in which none could be; with DIALOGUE_RETENTION_DAYS at its least they are still there. */
const mostDays = 7;

/**
 * Ties the comparison of Prometheus with the database to both, and to its ledger.
 * Compares the days that are over since the last one compared; without one, yesterday. Called often, it does nothing where
 * all is done. Ends at the first day that fails: where Prometheus is away for one, it is for the next.
 */
export async function reconcileDue(
  { pool, retry, now }: Given,
  {
    prometheusUrl,
    signal,
    onDay,
  }: { prometheusUrl: string; signal: AbortSignal; onDay: (result: RunResult<Reconciliation>) => void },
): Promise<void> {
  const today = dayOf(now());
  const yesterday = addDays(today, -1);
  const last = (await latestReconciliation(pool))?.day ?? addDays(yesterday, -1);
  const earliest = addDays(today, -mostDays);
  const due = daysBetween(last < earliest ? earliest : addDays(last, 1), yesterday);
  const run = wireJob(
    pool,
    jobs.reconciliation,
    async (day, { leaseId, attempts, signal: stopping }) => {
      const compared = await reconcileDay(pool, day, prometheusUrl, stopping);
      await inTransaction(pool, async (client) => {
        await writeReconciliation(client, compared);
        if (!(await succeedJobRun(client, leaseId, { attempts, rowsWritten: 1 }))) throw new LeaseLost();
      });
      return compared;
    },
    retry,
  );
  await runDays(due, run, { runId: randomUUID(), since: startOf(today), signal, onDay, stopOnFailure: true });
}

async function reconcileDay(pool: Pool, day: Day, prometheusUrl: string, signal: AbortSignal): Promise<Reconciliation> {
  const period = { from: startOf(day), to: startOf(addDays(day, 1)) };
  const { counts, unwatchedSeconds } = await countInPrometheus(createQueryPrometheus(prometheusUrl, signal), period);
  const counted = unwatchedSeconds > parseDuration(limits.reconciliation.unwatched) ? null : counts;
  return { day, counted, unwatchedSeconds, ...(await countExchanges(pool, period)) };
}
