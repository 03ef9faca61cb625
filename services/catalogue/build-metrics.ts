/** What runs: the same metric from the chat server and the worker. */
import type { Metric } from './metric.ts';

export const buildMetrics = {
  buildInfo: {
    name: 'rag_build_info',
    kind: 'gauge',
    unit: '',
    help: 'Always 1; the label tells the version that runs.',
    labels: { version: 'open' },
  },
} as const satisfies Record<string, Metric>;
