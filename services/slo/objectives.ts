/** All service level objectives. The only place where these numbers are defined. */

/** How a value meets its target: `atLeast` is ≥, `atMost` is ≤, `below` is <. */
export type Direction = 'atLeast' | 'atMost' | 'below';

type ObjectiveBase = {
  /** Value of the label `slo`. The alert and its runbook are named after it. */
  readonly name: string;
  readonly title: string;
  readonly unit: 'ratio' | 'seconds' | 'jpy' | 'score';
  readonly direction: Direction;
  readonly target: number;
  /** A value beyond it sends a message to the chat. */
  readonly warning?: number;
  /** A value beyond it pages the on-call person. */
  readonly critical?: number;
  /** The first thing to do about a breach. */
  readonly action?: string;
};

/** A share of events: of good ones for `atLeast`, else of bad ones. */
type RatioObjective = ObjectiveBase & {
  readonly kind: 'ratio';
  /** Also alert on the burn rate of the error budget. */
  readonly budgetAlert?: true;
};

/** A quantile of a histogram. Values beyond the target are bad events: with `quantile` 0.95, 5 in 100 may be bad. */
export type QuantileObjective = ObjectiveBase & {
  readonly kind: 'quantile';
  readonly quantile: number;
  /** Standard deviation of the natural logarithm of values at the target. Required for alerts. */
  readonly spread?: number;
  readonly budgetAlert?: true;
};

type MeanObjective = ObjectiveBase & {
  readonly kind: 'mean';
  /** Standard deviation divided by the mean, for values at the target. Required for alerts. */
  readonly spread?: number;
};

/** A scheduled job. */
export type JobObjective = {
  readonly kind: 'job';
  readonly name: string;
  readonly title: string;
  readonly everyHours: number;
  /** Accepted delay of a run. */
  readonly graceHours: number;
  /** Failed runs in a row. */
  readonly warning: number;
  readonly critical: number;
  readonly action: string;
};

export type Objective = RatioObjective | QuantileObjective | MeanObjective;

export const objectives = {
  citationRate: {
    kind: 'ratio',
    name: 'citation_rate',
    title: 'Answers with a valid citation',
    unit: 'ratio',
    direction: 'atLeast',
    target: 0.7,
    warning: 0.65,
    critical: 0.6,
    action: 'Review content sources',
  },
  latencyP50: {
    kind: 'quantile',
    name: 'latency_p50',
    title: 'Latency P50',
    quantile: 0.5,
    unit: 'seconds',
    direction: 'atMost',
    target: 1.5,
  },
  latencyP95: {
    kind: 'quantile',
    name: 'latency_p95',
    title: 'Latency P95',
    quantile: 0.95,
    unit: 'seconds',
    direction: 'atMost',
    target: 3.0,
    warning: 3.5,
    critical: 5,
    // With P50 and P95 exactly at their targets, ln(3.0 / 1.5) is 1.645 standard deviations above the median.
    spread: 0.42,
    budgetAlert: true,
    action: 'Optimise queries',
  },
  costPerAnswer: {
    kind: 'mean',
    name: 'cost_per_answer',
    title: 'Cost per answer',
    unit: 'jpy',
    direction: 'atMost',
    target: 3.0,
    warning: 3.5,
    critical: 5,
    // An exponential distribution: most answers are short and cheap, a few cost several times the mean.
    spread: 1,
    action: 'Review model usage',
  },
  relevance: {
    kind: 'mean',
    name: 'relevance',
    title: 'Relevance',
    unit: 'score',
    direction: 'atLeast',
    target: 0.7,
  },
  errorRate: {
    kind: 'ratio',
    name: 'error_rate',
    title: 'Error rate',
    unit: 'ratio',
    direction: 'below',
    target: 0.001,
    warning: 0.01,
    critical: 0.05,
    budgetAlert: true,
    action: 'Investigate logs',
  },
} as const satisfies Record<string, Objective>;

export const jobObjectives = {
  batchJob: {
    kind: 'job',
    name: 'batch_job',
    title: 'Daily rollup',
    everyHours: 24,
    graceHours: 2,
    warning: 1,
    critical: 2,
    action: 'Manual intervention',
  },
} as const satisfies Record<string, JobObjective>;

export type ObjectiveKey = keyof typeof objectives;
export type JobKey = keyof typeof jobObjectives;
