/** The metrics of a day without questions. */
import type { PeriodMetrics } from '../../../services/rollup/period-metrics.ts';

export const emptyMetrics: PeriodMetrics = {
  totalQueries: 0,
  noAnswerCount: 0,
  failedQueries: 0,
  uniqueUsers: 0,
  citedCount: 0,
  citationRate: null,
  citationCount: 0,
  citationsByType: {},
  uniqueSourcesCount: 0,
  latencyP50Ms: null,
  latencyP95Ms: null,
  latencyP99Ms: null,
  latencyHistogram: null,
  pricedCount: 0,
  costPerAnswer: null,
  totalCost: null,
  averageTokensPerQuery: null,
  averageRelevanceScore: null,
  votes: 0,
  positiveVotes: 0,
  positiveVotesRate: null,
};
