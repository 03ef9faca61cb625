/** Metrics of content sources, read from the database at each scrape, so every worker tells the same: use `max by`. */
import type { Metric } from './metric.ts';

// As many values as the registry has rows.
const source = 'open';

export const sourceMetrics = {
  sourceHealth: {
    name: 'rag_source_health',
    kind: 'gauge',
    unit: '',
    help: '1 for what the last check of an enabled source found, 0 for the others; never_checked: there was none.',
    labels: { source, status: ['healthy', 'degraded', 'down', 'never_checked'] },
  },
  sourceHealthLatency: {
    name: 'rag_source_health_latency_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'How long the last check of an enabled source took. Absent until there was one.',
    labels: { source },
  },
  sourceSyncLastSuccess: {
    name: 'rag_source_sync_last_success_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'When a sync of the source last succeeded, Unix time. Absent until one has.',
    labels: { source },
  },
  sourceSyncOverdue: {
    name: 'rag_source_sync_overdue_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'How long ago the next sync of an enabled source should have succeeded. 0 until then; absent where it has no schedule.',
    labels: { source },
  },
  sourceSyncItems: {
    name: 'rag_source_sync_items',
    kind: 'gauge',
    unit: '{item}',
    help: 'Items of the last sync of the source, the running one included, by what became of them.',
    labels: { source, outcome: ['created', 'replaced', 'unchanged', 'removed', 'failed'] },
  },
  sourceItems: {
    name: 'rag_source_items',
    kind: 'gauge',
    unit: '{item}',
    help: 'Items of the source that were taken in and are not gone from it.',
    labels: { source },
  },
  sourceFailingItems: {
    name: 'rag_source_failing_items',
    kind: 'gauge',
    unit: '{item}',
    help: 'Items of the source that could not be taken in when that was last tried.',
    labels: { source },
  },
} as const satisfies Record<string, Metric>;
