/** Service level indicators: the metrics that measure each objective. */
import type { IndicatorName } from '../slo/indicator-names.ts';
import { jobObjectives, objectives } from '../slo/objectives.ts';
import { answerMetrics } from './answer-metrics.ts';
import type { Metric } from './metric.ts';
import { probeMetrics } from './probe-metrics.ts';
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

const { answers, answerDuration, citations, cost, feedback, pricedAnswers, relevance } = answerMetrics;
const { timeToFirstToken, truncatedAnswers } = answerMetrics;
const arrived = { metric: answerMetrics.questions, labels: { end: ['served', 'failed', 'gave_up'] } } as const;
const questions = { metric: answers } as const;
const replies = { metric: answers, labels: { outcome: ['answered', 'no_answer'] } } as const;

/** The metrics of each indicator that slo.yaml may name. */
export const measuredBy: Readonly<Record<IndicatorName, Indicator>> = {
  // "Not found" replies count in neither, so that admitting a gap never lowers the rate.
  citation_rate: {
    kind: 'ratio',
    events: { metric: answers, labels: { outcome: 'answered', cited: ['true', 'false'] } },
    good: { metric: answers, labels: { outcome: 'answered', cited: 'true' } },
  },
  // Questions whose client disconnected are excluded.
  error_rate: {
    kind: 'ratio',
    events: { metric: answers, labels: { outcome: ['answered', 'no_answer', 'failed'] } },
    bad: { metric: answers, labels: { outcome: 'failed' } },
  },
  // At the HTTP interface, whatever ended the question: a sign-in outage, a full server, a model that hangs.
  availability: {
    kind: 'ratio',
    events: arrived,
    good: { metric: answerMetrics.questions, labels: { end: 'served' } },
  },
  latency: { kind: 'quantile', histogram: answerDuration },
  time_to_first_token: { kind: 'quantile', histogram: timeToFirstToken },
  cost_per_answer: {
    kind: 'mean',
    sum: { metric: cost, labels: { kind: 'answer' } },
    events: { metric: pricedAnswers },
  },
  relevance: { kind: 'mean', sum: { metric: relevance, part: 'sum' }, events: { metric: relevance, part: 'count' } },
  no_answer_rate: { kind: 'ratio', events: replies, bad: { metric: answers, labels: { outcome: 'no_answer' } } },
  aborted_rate: { kind: 'ratio', events: questions, bad: { metric: answers, labels: { outcome: 'aborted' } } },
  rejected_rate: { kind: 'ratio', events: questions, bad: { metric: answers, labels: { outcome: 'rejected' } } },
  invalid_citation_rate: {
    kind: 'ratio',
    events: { metric: citations, labels: { valid: ['true', 'false'] } },
    bad: { metric: citations, labels: { valid: 'false' } },
  },
  truncated_rate: { kind: 'ratio', events: replies, bad: { metric: truncatedAnswers } },
  downvote_rate: {
    kind: 'ratio',
    events: { metric: feedback, labels: { vote: ['up', 'down'] } },
    bad: { metric: feedback, labels: { vote: 'down' } },
  },
  // A refused probe is set up wrongly, and says nothing about the service.
  probe: {
    kind: 'ratio',
    events: { metric: probeMetrics.probes, labels: { result: ['ok', 'uncited', 'failed'] } },
    good: { metric: probeMetrics.probes, labels: { result: 'ok' } },
  },
  rollup: {
    kind: 'job',
    failures: workerMetrics.rollupConsecutiveFailures,
    lastSuccess: workerMetrics.rollupLastSuccess,
  },
};

/** Of the deployment's objectives, by the objective's key. */
export const indicators: Indicators = Object.fromEntries(
  Object.entries({ ...objectives, ...jobObjectives }).map(([key, { indicator }]) => [key, measuredBy[indicator]]),
);

/** Bucket bounds of a quantile objective's histogram. Empty for other kinds. */
export function boundsOf(all: Indicators): (key: string) => readonly number[] {
  return (key) => {
    const indicator = all[key];
    return indicator?.kind === 'quantile' ? (indicator.histogram.bounds ?? []) : [];
  };
}
