/** Build information, exposed by the chat server and the worker. */
import type { Metric } from './metric.ts';

export const buildMetrics = {
  buildInfo: {
    name: 'rag_build_info',
    kind: 'gauge',
    unit: '',
    help: 'Always 1. The label is the running version.',
    labels: { version: 'open' },
  },
} as const satisfies Record<string, Metric>;
