/** Build and process information, exposed by the chat server and the worker. */
import type { Metric } from './metric.ts';

export const buildMetrics = {
  buildInfo: {
    name: 'rag_build_info',
    kind: 'gauge',
    unit: '',
    help: 'Always 1. The label is the running version.',
    labels: { version: 'open' },
  },
  processStart: {
    name: 'process_start_time_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Start of the process, Unix time. It changes with each restart. The worker has it from prom-client.',
    labels: {},
  },
} as const satisfies Record<string, Metric>;
