/** How old the prices are that answers are reckoned with; exposed by the chat server where a model is configured. */
import type { Metric } from './metric.ts';

export const priceMetrics = {
  pricesAsOf: {
    name: 'rag_prices_as_of_timestamp_seconds',
    kind: 'gauge',
    unit: 's',
    help: 'The day on which a file of prices was last brought up to date, Unix time. Absent without a model: nothing is charged.',
    labels: { file: ['price book', 'exchange rates'] },
  },
} as const satisfies Record<string, Metric>;
