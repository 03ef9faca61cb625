/** Service level indicators by name: what slo.yaml may refer to. services/catalogue/indicators.ts has the metrics of each. */

type NamedIndicator = {
  readonly kind: 'ratio' | 'quantile' | 'mean' | 'job';
  readonly unit: 'ratio' | 'seconds' | 'jpy' | 'score' | 'runs';
  /** Which side of the target is good. A ratio of good events can only be `atLeast`. */
  readonly direction: 'atLeast' | 'atMost' | 'below';
  /** For a tile; quantiles add their number. */
  readonly short: string;
  /** The dashboard that shows why an objective is breached. */
  readonly dashboard: 'quality' | 'requests' | 'cost' | 'monitoring';
  /** What an event is, for explanations. */
  readonly event: string;
  readonly badEvent: string;
};

const bad = { kind: 'ratio', unit: 'ratio', direction: 'atMost' } as const;
const seconds = { kind: 'quantile', unit: 'seconds', direction: 'atMost', dashboard: 'requests' } as const;

export const indicatorNames = {
  citation_rate: {
    kind: 'ratio',
    unit: 'ratio',
    direction: 'atLeast',
    short: 'Citations',
    dashboard: 'quality',
    event: 'answer that is not "not found"',
    badEvent: 'answer without a valid citation',
  },
  error_rate: {
    ...bad,
    direction: 'below',
    short: 'Errors',
    dashboard: 'requests',
    event: 'question that was not aborted or rejected',
    badEvent: 'failed question',
  },
  availability: {
    kind: 'ratio',
    unit: 'ratio',
    direction: 'atLeast',
    short: 'Availability',
    dashboard: 'requests',
    event: 'question that arrived and was not refused or left',
    badEvent: 'question that failed or that the client gave up on',
  },
  latency: { ...seconds, short: '', event: 'answer', badEvent: 'answer beyond the bound' },
  time_to_first_token: {
    ...seconds,
    short: 'First token ',
    event: 'streamed answer',
    badEvent: 'first token beyond the bound',
  },
  cost_per_answer: {
    kind: 'mean',
    unit: 'jpy',
    direction: 'atMost',
    short: 'Cost',
    dashboard: 'cost',
    event: 'answer with a price',
    badEvent: '',
  },
  relevance: {
    kind: 'mean',
    unit: 'score',
    direction: 'atLeast',
    short: 'Relevance',
    dashboard: 'quality',
    event: 'scored answer',
    badEvent: '',
  },
  no_answer_rate: { ...bad, short: 'Not found', dashboard: 'quality', event: 'reply', badEvent: '"not found" reply' },
  aborted_rate: { ...bad, short: 'Aborted', dashboard: 'requests', event: 'question', badEvent: 'aborted question' },
  rejected_rate: {
    ...bad,
    short: 'Rejected',
    dashboard: 'requests',
    event: 'question',
    badEvent: 'question rejected by the model side',
  },
  invalid_citation_rate: {
    ...bad,
    short: 'Invalid citations',
    dashboard: 'quality',
    event: 'judged citation',
    badEvent: 'invalid citation',
  },
  truncated_rate: { ...bad, short: 'Truncated', dashboard: 'quality', event: 'reply', badEvent: 'truncated answer' },
  downvote_rate: { ...bad, short: 'Downvotes', dashboard: 'quality', event: 'vote', badEvent: 'downvote' },
  probe: {
    kind: 'ratio',
    unit: 'ratio',
    direction: 'atLeast',
    short: 'Probe',
    dashboard: 'requests',
    event: 'question of the probe',
    badEvent: 'question of the probe without a cited answer',
  },
  rollup: {
    kind: 'job',
    unit: 'runs',
    direction: 'atMost',
    short: 'Rollup',
    dashboard: 'monitoring',
    event: 'run of the daily rollup',
    badEvent: 'failed run',
  },
} as const satisfies Record<string, NamedIndicator>;

export type IndicatorName = keyof typeof indicatorNames;
