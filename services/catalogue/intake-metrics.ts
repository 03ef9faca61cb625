/** Spans of other applications. Invariant: received = assembled + pending + foreign + refused + expired. */
import type { Metric } from './metric.ts';

export const intakeMetrics = {
  spans: {
    name: 'rag_spans_total',
    kind: 'counter',
    unit: '{span}',
    help: 'Spans and log events of other applications, by state. Foreign: without attributes of an AI application. Expired: no turn came of them, or they came after their turn. Repeated ones are received once.',
    labels: { service: 'open', state: ['received', 'assembled', 'foreign', 'refused', 'expired'] },
  },
  spansPending: {
    name: 'rag_spans_pending',
    kind: 'gauge',
    unit: '{span}',
    help: 'Received spans that wait for the rest of their trace. Every server reports the same number.',
    labels: {},
  },
  traces: {
    name: 'rag_traces_total',
    kind: 'counter',
    unit: '{trace}',
    help: 'Traces of other applications, by what came of them. Incomplete: a turn without its answer or its question. Late: spans that came after their turn. Duplicate: a turn that was reported before. Refused: a turn that must not be stored.',
    labels: { service: 'open', state: ['assembled', 'incomplete', 'late', 'duplicate', 'refused'] },
  },
} as const satisfies Record<string, Metric>;
