/** The worker's Prometheus metrics: job status read from job_run at each scrape, and counters of this process. */
import { Counter, collectDefaultMetrics, type Gauge, Histogram, Registry } from 'prom-client';
import { answerMetrics } from '../../catalogue/answer-metrics.ts';
import type { Metric } from '../../catalogue/metric.ts';
import { probeMetrics } from '../../catalogue/probe-metrics.ts';
import { workerMetrics } from '../../catalogue/worker-metrics.ts';
import type { ProbeResult } from '../../chat/probe.ts';
import type { JobStatus } from '../../rollup/job-status.ts';
import { builtInService } from '../../slo/deployment.ts';
import { createGauge } from './create-gauge.ts';
import { createEmbeddingMetrics, type EmbeddingsReading } from './embedding-metrics.ts';
import { createReconciliationMetrics, type ReconciliationReading } from './reconciliation-metrics.ts';
import { createRetentionMetrics, type RetentionReading } from './retention-metrics.ts';
import { createScoreMetrics } from './score-metrics.ts';
import { createSourceMetrics, type SourcesReading } from './source-metrics.ts';

export type WorkerMetrics = {
  readonly contentType: string;
  /** The exposition. Never fails: while the database is unavailable it says so and omits unknown values. */
  readonly scrape: () => Promise<string>;
  /**
   * @param judgement the service whose answer it is; its score from 0 to 1, null where it failed; the time it took, the writing
   * of the score included
   */
  readonly countJudgement: (judgement: {
    readonly service: string;
    readonly score: number | null;
    readonly seconds: number;
    /** Whether the score is validated; otherwise no objective is judged by it. */
    readonly isShown?: boolean;
  }) => void;
  /** Creates the series of the probe at zero. Call it where there is a probe. */
  readonly startProbe: () => void;
  readonly countProbe: (result: ProbeResult) => void;
  /** Counts what one call of the judge cost, in yen. */
  readonly countJudgeCost: (service: string, model: string, costJpy: number) => void;
};

export type WorkerReading = {
  readonly rollup: JobStatus;
  readonly retention: RetentionReading;
  readonly sources: SourcesReading;
  /** What votes say about the quality scores; absent: not read. */
  readonly votedScores?: Parameters<ReturnType<typeof createScoreMetrics>>[0];
  /** Null: nothing is compared with Prometheus. */
  readonly reconciliation: ReconciliationReading | null;
  /** Null: no embeddings server. */
  readonly embeddings: EmbeddingsReading | null;
};

/** @param read what the database knows; read at each scrape, so that a restart forgets nothing */
export function createWorkerMetrics(read: () => Promise<WorkerReading>): WorkerMetrics {
  const registers = [new Registry()] as const;
  const [registry] = registers;
  collectDefaultMetrics({ register: registry });
  const counter = (metric: Metric) => new Counter({ ...described(metric), registers: [...registers] });
  const histogram = (metric: Metric & { bounds: readonly number[] }) =>
    new Histogram({ ...described(metric), buckets: [...metric.bounds], registers: [...registers] });

  const databaseUp = createGauge(registry, workerMetrics.workerDatabaseUp);
  const fromStatus = [
    [createGauge(registry, workerMetrics.rollupLastSuccess), ({ lastSuccessAt }) => seconds(lastSuccessAt)],
    [createGauge(registry, workerMetrics.rollupLastRun), ({ lastRunAt }) => seconds(lastRunAt)],
    [createGauge(registry, workerMetrics.rollupConsecutiveFailures), ({ consecutiveFailures }) => consecutiveFailures],
    [createGauge(registry, workerMetrics.rollupLastDuration), ({ lastDurationSeconds }) => lastDurationSeconds],
    [createGauge(registry, workerMetrics.rollupRowsWritten), ({ rowsWritten }) => rowsWritten],
  ] satisfies readonly (readonly [Gauge, (status: JobStatus) => number | null])[];
  const showRetention = createRetentionMetrics(registry);
  const showSources = createSourceMetrics(registry);
  const showReconciliation = createReconciliationMetrics(registry);
  const showScores = createScoreMetrics(registry);
  const showEmbeddings = createEmbeddingMetrics(registry);
  const runs = counter(workerMetrics.rollupRuns);
  const judgements = counter(workerMetrics.judgements);
  const cost = counter(answerMetrics.cost);
  const relevance = histogram(answerMetrics.relevance);
  const stages = histogram(answerMetrics.stageDuration);
  const probes = counter(probeMetrics.probes);
  for (const state of workerMetrics.judgements.labels.state) judgements.inc({ state }, 0);
  relevance.zero({ service: builtInService });
  for (const result of ['ok', 'failed'] as const) stages.zero({ service: builtInService, stage: 'judge', result });

  function show(status: JobStatus | null): void {
    databaseUp.set(status === null ? 0 : 1);
    for (const [each, read] of fromStatus) {
      const value = status === null ? null : read(status);
      // A gauge that keeps its last value, or shows 0, would report an unknown value.
      if (value === null) each.remove();
      else each.set(value);
    }
    runs.reset();
    if (status === null) return;
    runs.inc({ state: 'succeeded' }, status.succeededRuns);
    runs.inc({ state: 'failed' }, status.failedRuns);
  }

  return {
    contentType: registry.contentType,
    async scrape() {
      const reading = await read().catch(() => null);
      show(reading?.rollup ?? null);
      showRetention(reading?.retention ?? null);
      showSources(reading?.sources ?? null);
      showReconciliation(reading?.reconciliation ?? null);
      showScores(reading?.votedScores ?? null);
      showEmbeddings(reading?.embeddings ?? null);
      return registry.metrics();
    },
    startProbe() {
      for (const result of probeMetrics.probes.labels.result) probes.inc({ service: builtInService, result }, 0);
    },
    countProbe: (result) => probes.inc({ service: builtInService, result }),
    countJudgeCost: (service, model, costJpy) => cost.inc({ service, model, kind: 'judge' }, costJpy),
    countJudgement({ service, score, seconds, isShown = true }) {
      judgements.inc({ state: score === null ? 'failed' : 'scored' });
      stages.observe({ service, stage: 'judge', result: score === null ? 'failed' : 'ok' }, seconds);
      if (score !== null && isShown) relevance.observe({ service }, score);
    },
  };
}

function described({ name, help, labels }: Metric) {
  return { name, help, labelNames: Object.keys(labels) };
}

function seconds(at: Date | null): number | null {
  return at === null ? null : at.getTime() / 1_000;
}
