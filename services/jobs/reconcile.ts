/** The reconciliation job: compares Prometheus's counters with the rows in the database, once a day. */
import { randomUUID } from 'node:crypto';
import type { Log } from '../logging/log.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { inTransaction } from '../postgres/client/transaction.ts';
import { jobs } from '../postgres/jobs/job-ledger.ts';

import { countTurns, latestReconciliation, writeReconciliation } from '../postgres/metrics/reconciliation.ts';
import { addDays, type Day, dayOf, daysBetween, startOf } from '../rollup/day.ts';
import type { Retry, RunResult } from '../rollup/leased-run.ts';
import { differences, type Reconciliation } from '../rollup/reconciliation.ts';
import { runDays } from '../rollup/run.ts';
import { parseDuration } from '../slo/duration.ts';
import { limits } from '../slo/limits.ts';
import { countInPrometheus } from '../telemetry/metrics/count-in-prometheus.ts';
import type { OwnLabels } from '../telemetry/prometheus/own-series.ts';
import { createQueryPrometheus } from '../telemetry/prometheus/query-prometheus.ts';
import { createJob } from './leased-job.ts';

/** Logs how Prometheus and the database differed for a day. */
export function logReconciliation(log: Log, result: RunResult<Reconciliation>): void {
  const { day } = result;
  if (result.state === 'failed') {
    log.error({ day, reason: result.error }, 'reconciliation of a day failed');
  }
  if (result.state !== 'succeeded') return;
  const { outcome } = result;
  const { stored, erasedAnswers, unwatchedSeconds } = outcome;
  log.info(
    { day, stored, differences: differences(outcome), erasedAnswers, unwatchedSeconds },
    outcome.counted === null
      ? 'day not reconciled: Prometheus scraped too little of it'
      : 'day reconciled with Prometheus',
  );
}

type Deps = { readonly pool: Pool; readonly retry: Retry; readonly now: () => Date };

/** Days compared after a long failure: with the smallest DIALOGUE_RETENTION_DAYS their rows still exist. */
const maxDays = 7;

/**
 * Compares the complete days since the last one compared; without one, yesterday. Does nothing when all are compared.
 * Stops at the first day that fails: an unavailable Prometheus fails the next one too.
 */
export async function reconcileDue(
  { pool, retry, now }: Deps,
  {
    prometheusUrl,
    labels = {},
    signal,
    onDay,
  }: {
    prometheusUrl: string;
    labels?: OwnLabels;
    signal: AbortSignal;
    onDay: (result: RunResult<Reconciliation>) => void;
  },
): Promise<void> {
  const today = dayOf(now());
  const yesterday = addDays(today, -1);
  const last = (await latestReconciliation(pool))?.day ?? addDays(yesterday, -1);
  const earliest = addDays(today, -maxDays);
  const due = daysBetween(last < earliest ? earliest : addDays(last, 1), yesterday);
  const run = createJob(
    pool,
    jobs.reconciliation,
    async (day, { signal: stopping, succeed }) => {
      const compared = await reconcileDay(pool, day, { prometheusUrl, labels, signal: stopping });
      await inTransaction(pool, async (client) => {
        await writeReconciliation(client, compared);
        await succeed(1, client);
      });
      return compared;
    },
    retry,
  );
  await runDays(due, run, { runId: randomUUID(), since: startOf(today), signal, onDay, stopOnFailure: true });
}

async function reconcileDay(
  pool: Pool,
  day: Day,
  { prometheusUrl, labels, signal }: { prometheusUrl: string; labels: OwnLabels; signal: AbortSignal },
): Promise<Reconciliation> {
  const period = { from: startOf(day), to: startOf(addDays(day, 1)) };
  const { counts, unwatchedSeconds } = await countInPrometheus(
    createQueryPrometheus(prometheusUrl, signal),
    period,
    labels,
  );
  const counted = unwatchedSeconds > parseDuration(limits.reconciliation.unwatched) ? null : counts;
  return { day, counted, unwatchedSeconds, ...(await countTurns(pool, period)) };
}
