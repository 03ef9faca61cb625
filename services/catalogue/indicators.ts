/** Service level indicators: the metrics that measure each objective. */
import type { JobKey, ObjectiveKey } from '../slo/objectives.ts';
import { answerMetrics } from './answer-metrics.ts';
import type { Metric } from './metric.ts';
import { workerMetrics } from './worker-metrics.ts';

/** A selection of a metric's series. A label with several values matches any of them. */
export type Series = {
  readonly metric: Metric;
  readonly part?: 'sum' | 'count';
  readonly labels?: Readonly<Record<string, string | readonly string[]>>;
};

export type Indicator =
  /** `good` for objectives on the share of good events, `bad` for the share of bad ones. */
  | { readonly kind: 'ratio'; readonly events: Series; readonly good: Series }
  | { readonly kind: 'ratio'; readonly events: Series; readonly bad: Series }
  | { readonly kind: 'quantile'; readonly histogram: Metric }
  | { readonly kind: 'mean'; readonly sum: Series; readonly events: Series }
  | { readonly kind: 'job'; readonly failures: Metric; readonly lastSuccess: Metric };

export type Indicators = Readonly<Record<string, Indicator>>;

const { answers, answerDuration, cost, pricedAnswers, relevance } = answerMetrics;

export const indicators = {
  // "Not found" replies count in neither, so that admitting a gap never lowers the rate.
  citationRate: {
    kind: 'ratio',
    events: { metric: answers, labels: { outcome: 'answered', cited: ['true', 'false'] } },
    good: { metric: answers, labels: { outcome: 'answered', cited: 'true' } },
  },
  latencyP50: { kind: 'quantile', histogram: answerDuration },
  latencyP95: { kind: 'quantile', histogram: answerDuration },
  costPerAnswer: { kind: 'mean', sum: { metric: cost, labels: { kind: 'answer' } }, events: { metric: pricedAnswers } },
  relevance: {
    kind: 'mean',
    sum: { metric: relevance, part: 'sum' },
    events: { metric: relevance, part: 'count' },
  },
  // Questions whose client disconnected are excluded.
  errorRate: {
    kind: 'ratio',
    events: { metric: answers, labels: { outcome: ['answered', 'no_answer', 'failed'] } },
    bad: { metric: answers, labels: { outcome: 'failed' } },
  },
  batchJob: {
    kind: 'job',
    failures: workerMetrics.rollupConsecutiveFailures,
    lastSuccess: workerMetrics.rollupLastSuccess,
  },
} as const satisfies Record<ObjectiveKey | JobKey, Indicator>;

/** Bucket bounds of a quantile objective's histogram. Empty for other kinds. */
export function boundsOf(all: Indicators): (key: string) => readonly number[] {
  return (key) => {
    const indicator = all[key];
    return indicator?.kind === 'quantile' ? (indicator.histogram.bounds ?? []) : [];
  };
}
