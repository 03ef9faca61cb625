/** Metrics of the comparison of Prometheus with the database, read from the database at each scrape: use `max by`. */
import type { Metric } from './metric.ts';

const what = ['answers', 'failures', 'cost'] as const;

export const reconciliationMetrics = {
  reconciliationDifference: {
    name: 'rag_reconciliation_difference',
    kind: 'gauge',
    unit: '{item}',
    help: 'Answers, failures and yen that Prometheus counted beyond what is stored, of the latest day compared. Absent where that cannot be told.',
    labels: { what },
  },
  reconciliationStored: {
    name: 'rag_reconciliation_stored',
    kind: 'gauge',
    unit: '{item}',
    help: 'Answers, failures and yen that are stored of the latest day compared.',
    labels: { what },
  },
  reconciliationUnwatched: {
    name: 'rag_reconciliation_unwatched_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Seconds of the latest day compared in which Prometheus scraped nothing.',
    labels: {},
  },
  reconciliationDay: {
    name: 'rag_reconciliation_day_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'When the latest day compared began, Unix time. Absent until one was.',
    labels: {},
  },
  reconciliationConsecutiveFailures: {
    name: 'rag_reconciliation_consecutive_failures',
    kind: 'gauge',
    unit: '{run}',
    help: 'Runs of the comparison that failed since the last that succeeded. Absent without PROMETHEUS_URL.',
    labels: {},
  },
} as const satisfies Record<string, Metric>;
