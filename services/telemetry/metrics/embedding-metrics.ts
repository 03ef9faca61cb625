/** Shows how many passages have a vector. */
import type { Registry } from 'prom-client';
import { workerMetrics } from '../../catalogue/worker-metrics.ts';
import type { JobStatus } from '../../rollup/job-status.ts';
import { createGauge } from './create-gauge.ts';

export type EmbeddingsReading = {
  readonly passages: Readonly<Record<(typeof workerMetrics.embeddingPassages.labels.state)[number], number>>;
  readonly task: JobStatus;
};

/** @returns what shows a reading; null: no embeddings server or nothing is known, and nothing is shown */
export function createEmbeddingMetrics(registry: Registry): (reading: EmbeddingsReading | null) => void {
  const passages = createGauge(registry, workerMetrics.embeddingPassages);
  const failures = createGauge(registry, workerMetrics.embeddingConsecutiveFailures);
  return (reading) => {
    // A gauge without labels is 0 after a reset, which would report an unknown value as zero.
    failures.remove();
    passages.reset();
    if (reading === null) return;
    failures.set(reading.task.consecutiveFailures);
    for (const state of workerMetrics.embeddingPassages.labels.state) passages.set({ state }, reading.passages[state]);
  };
}
