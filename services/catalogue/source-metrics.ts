/** Content sources. Every worker reads the same values from the database: aggregate with `max by`. */
import type { Metric } from './metric.ts';

// One value per row of the registry.
const source = 'open';

export const sourceMetrics = {
  sourceHealth: {
    name: 'rag_source_health',
    kind: 'gauge',
    unit: '',
    help: '1 for the result of the last health check of an enabled source, else 0. never_checked: no check yet.',
    labels: { source, status: ['healthy', 'degraded', 'down', 'never_checked'] },
  },
  sourceHealthLatency: {
    name: 'rag_source_health_latency_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Duration of the last health check of an enabled source. Absent before the first check.',
    labels: { source },
  },
  sourceSyncLastSuccess: {
    name: 'rag_source_sync_last_success_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Last successful sync of the source, Unix time. Absent before the first success.',
    labels: { source },
  },
  sourceSyncOverdue: {
    name: 'rag_source_sync_overdue_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Delay of the next sync of an enabled source, 0 while on time. Absent without a schedule.',
    labels: { source },
  },
  sourceSyncItems: {
    name: 'rag_source_sync_items',
    kind: 'gauge',
    unit: '{item}',
    help: 'Items of the last sync of the source, including a running one, by outcome.',
    labels: { source, outcome: ['created', 'replaced', 'unchanged', 'removed', 'failed'] },
  },
  sourceItems: {
    name: 'rag_source_items',
    kind: 'gauge',
    unit: '{item}',
    help: 'Ingested items that still exist in the source.',
    labels: { source },
  },
  sourceFailingItems: {
    name: 'rag_source_failing_items',
    kind: 'gauge',
    unit: '{item}',
    help: 'Items of the source whose last ingestion failed.',
    labels: { source },
  },
} as const satisfies Record<string, Metric>;
