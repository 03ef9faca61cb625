/** Exposes the state of content sources as read from the database. */
import type { Registry } from 'prom-client';
import { sourceMetrics } from '../../catalogue/source-metrics.ts';
import type { SourceStatus } from '../../provenance/source.ts';
import { createGauge } from './create-gauge.ts';

export type SourcesReading = { readonly statuses: readonly SourceStatus[]; readonly now: Date };

/** @returns what shows a reading; null: nothing is known, and nothing is shown */
export function createSourceMetrics(registry: Registry): (reading: SourcesReading | null) => void {
  const health = createGauge(registry, sourceMetrics.sourceHealth);
  const latency = createGauge(registry, sourceMetrics.sourceHealthLatency);
  const lastSuccess = createGauge(registry, sourceMetrics.sourceSyncLastSuccess);
  const overdue = createGauge(registry, sourceMetrics.sourceSyncOverdue);
  const synced = createGauge(registry, sourceMetrics.sourceSyncItems);
  const items = createGauge(registry, sourceMetrics.sourceItems);
  const failing = createGauge(registry, sourceMetrics.sourceFailingItems);

  return (reading) => {
    for (const each of [health, latency, lastSuccess, overdue, synced, items, failing]) each.reset();
    for (const status of reading?.statuses ?? []) show(status, reading?.now ?? new Date(0));
  };

  function show({ source, enabled, sync, ...status }: SourceStatus, now: Date): void {
    items.set({ source }, status.items);
    failing.set({ source }, status.failingItems);
    if (sync.succeededAt !== null) lastSuccess.set({ source }, sync.succeededAt.getTime() / 1_000);
    if (sync.startedAt !== null) {
      for (const outcome of sourceMetrics.sourceSyncItems.labels.outcome) {
        synced.set({ source, outcome }, sync.counts[outcome]);
      }
    }
    if (!enabled) return;
    const found = status.healthStatus ?? 'never_checked';
    for (const each of sourceMetrics.sourceHealth.labels.status) {
      health.set({ source, status: each }, each === found ? 1 : 0);
    }
    if (status.healthLatencyMs !== null) latency.set({ source }, status.healthLatencyMs / 1_000);
    if (status.syncEveryMinutes === null) return;
    // Who has just put it on a schedule is not late already.
    const since = Math.max(sync.succeededAt?.getTime() ?? 0, status.changedAt.getTime());
    const due = since + status.syncEveryMinutes * 60_000;
    overdue.set({ source }, Math.max(0, (now.getTime() - due) / 1_000));
  }
}
