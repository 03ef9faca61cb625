/** Age of the prices used to calculate costs, exposed by the chat server if a model is configured. */
import type { Metric } from './metric.ts';

export const priceMetrics = {
  pricesAsOf: {
    name: 'rag_prices_as_of_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'Day on which the price file was last updated, Unix time. Absent without a model. origin own: a file of the operator, shipped: ours, which no operator has confirmed.',
    labels: { file: ['price book', 'exchange rates'], origin: ['shipped', 'own'] },
  },
} as const satisfies Record<string, Metric>;
