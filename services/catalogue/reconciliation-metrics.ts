/** Reconciliation of Prometheus with the database. Every worker reads the same values from the database: aggregate with `max by`. */
import type { Metric } from './metric.ts';

const what = ['answers', 'failures', 'cost'] as const;

export const reconciliationMetrics = {
  reconciliationDifference: {
    name: 'rag_reconciliation_difference',
    kind: 'gauge',
    unit: '{item}',
    help: 'Prometheus count minus stored answers, failures and yen, for the latest compared day. Absent if the day could not be compared.',
    labels: { what },
  },
  reconciliationStored: {
    name: 'rag_reconciliation_stored',
    kind: 'gauge',
    unit: '{item}',
    help: 'Stored answers, failures and yen for the latest compared day.',
    labels: { what },
  },
  reconciliationUnwatched: {
    name: 'rag_reconciliation_unwatched_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Seconds of the latest compared day without a Prometheus scrape.',
    labels: {},
  },
  reconciliationDay: {
    name: 'rag_reconciliation_day_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Start of the latest compared day, Unix time. Absent before the first comparison.',
    labels: {},
  },
  reconciliationConsecutiveFailures: {
    name: 'rag_reconciliation_consecutive_failures',
    kind: 'gauge',
    unit: '{run}',
    help: 'Failed comparisons since the last success. Absent without PROMETHEUS_URL.',
    labels: {},
  },
} as const satisfies Record<string, Metric>;
