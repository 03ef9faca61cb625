/** Metrics that our libraries expose in the chat server and that boards and rules read; the libraries choose their names. */
import type { Metric } from './metric.ts';

export const libraryMetrics = {} as const satisfies Record<string, Metric>;
