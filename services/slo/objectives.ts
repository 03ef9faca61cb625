/** Every promise the service makes, as data: the only place where these numbers are typed. */

/** How a value keeps its promise: `atLeast` is ≥, `atMost` is ≤, `below` is <. */
export type Direction = 'atLeast' | 'atMost' | 'below';

export type Objective = {
  readonly name: string;
  readonly title: string;
  readonly unit: 'ratio' | 'seconds' | 'jpy' | 'score';
  readonly direction: Direction;
  /** The value that is promised. */
  readonly promise: number;
  /** Beyond this value someone is told. */
  readonly warning?: number;
  /** Beyond this value someone is woken. */
  readonly critical?: number;
  /** What a person does about a breach. */
  readonly action?: string;
};

export const objectives = {
  citationRate: {
    name: 'citation_rate',
    title: 'Answers with a valid citation',
    unit: 'ratio',
    direction: 'atLeast',
    promise: 0.7,
    warning: 0.65,
    critical: 0.6,
    action: 'Review content sources',
  },
  latencyP50: { name: 'latency_p50', title: 'Latency P50', unit: 'seconds', direction: 'atMost', promise: 1.5 },
  latencyP95: {
    name: 'latency_p95',
    title: 'Latency P95',
    unit: 'seconds',
    direction: 'atMost',
    promise: 3.0,
    warning: 3.5,
    critical: 5,
    action: 'Optimise queries',
  },
  costPerAnswer: {
    name: 'cost_per_answer',
    title: 'Cost per answer',
    unit: 'jpy',
    direction: 'atMost',
    promise: 3.0,
    warning: 3.5,
    critical: 5,
    action: 'Review model usage',
  },
  relevance: { name: 'relevance', title: 'Relevance', unit: 'score', direction: 'atLeast', promise: 0.7 },
  errorRate: {
    name: 'error_rate',
    title: 'Error rate',
    unit: 'ratio',
    direction: 'below',
    promise: 0.001,
    warning: 0.01,
    critical: 0.05,
    action: 'Investigate logs',
  },
} as const satisfies Record<string, Objective>;

export type ObjectiveKey = keyof typeof objectives;
