/** Metrics of the worker's jobs. Those of the rollup are read from the job_run table, so every worker tells the same: use `max by`. */
import type { Metric } from './metric.ts';

export const workerMetrics = {
  rollupLastSuccess: {
    name: 'rag_rollup_last_success_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'When a run of the daily rollup last succeeded, Unix time. Absent until one has.',
    labels: {},
  },
  rollupLastRun: {
    name: 'rag_rollup_last_run_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'When a run of the daily rollup last ended, well or not, Unix time. Absent until one has.',
    labels: {},
  },
  rollupConsecutiveFailures: {
    name: 'rag_rollup_consecutive_failures',
    kind: 'gauge',
    unit: '{run}',
    help: 'Runs of the daily rollup that failed since the last that succeeded.',
    labels: {},
  },
  rollupLastDuration: {
    name: 'rag_rollup_last_duration_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'How long the last run of the daily rollup took. Absent until one has ended.',
    labels: {},
  },
  rollupRowsWritten: {
    name: 'rag_rollup_rows_written',
    kind: 'gauge',
    unit: '{row}',
    help: 'Rows of rag_metrics_history that the last run wrote. Absent until one has ended.',
    labels: {},
  },
  rollupRuns: {
    name: 'rag_rollup_runs_total',
    kind: 'counter',
    unit: '{run}',
    help: 'Runs of the daily rollup by how they ended, all workers and commands together.',
    labels: { state: ['succeeded', 'failed'] },
  },
  judgements: {
    name: 'rag_judgements_total',
    kind: 'counter',
    unit: '{judgement}',
    help: 'Answers that this worker had a model judge. failed ones have no score and count in no mean.',
    labels: { state: ['scored', 'failed'] },
  },
  workerDatabaseUp: {
    name: 'rag_worker_database_up',
    kind: 'gauge',
    unit: '',
    help: '1 while the worker can read the database, else 0; the rag_rollup and rag_retention metrics are absent then.',
    labels: {},
  },
} as const satisfies Record<string, Metric>;
