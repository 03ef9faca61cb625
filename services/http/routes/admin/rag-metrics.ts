/** GET /api/admin/rag-metrics and its history: daily quality, latency and cost against the objectives. */
import { z } from 'zod';
import type { DayReport } from '../../../rollup/day-report.ts';
import type { History } from '../../../rollup/history.ts';
import { ofService, wholeNumber } from '../../api/schemas.ts';
import { defineRoute } from '../../define-route.ts';

const historyDaysQuery = z.strictObject({
  days: wholeNumber(1, 366)
    .default(30)
    .meta({ description: 'Days up to and including today, in Asia/Tokyo. Today has no row until it is over.' }),
  service: ofService,
});

const todayQuery = z.strictObject({ service: ofService });

const day = z.string().meta({ format: 'date', description: 'A day in Asia/Tokyo.' });
const missing = { description: 'Null: no data.' };
const measure = z.number().nullable().meta(missing);
const count = z.int().nullable().meta(missing);
const met = z.boolean().nullable().meta({ description: 'Null: not enough data.' });
const compliance = z
  .object({
    citationRateMet: met,
    latencyMet: met.meta({ description: 'P50 and P95 together. Null: not enough data.' }),
    costMet: met,
    relevanceMet: met,
    overallMet: met,
  })
  .catchall(met)
  .meta({ description: 'Objectives on other indicators have a verdict of their own: noAnswerRateMet.' });

const objectiveReport = z.object({
  key: z.string().meta({ description: 'The name in camel case.' }),
  name: z.string(),
  title: z.string(),
  unit: z.enum(['ratio', 'seconds', 'jpy', 'score']).meta({ description: 'Of value, target, warning and critical.' }),
  direction: z.enum(['atLeast', 'atMost', 'below']),
  target: z.number(),
  warning: z.number().nullable(),
  critical: z.number().nullable(),
  action: z.string().nullable().meta({ description: 'What to do if the objective is breached.' }),
  value: measure,
  met,
});

export const dayReport = z
  .object({
    day,
    generatedAt: z.string().meta({ format: 'date-time' }),
    objectives: z.array(objectiveReport).readonly(),
    totals: z.object({
      queries: z.int().meta({ description: 'Answered questions, including those answered "not found".' }),
      failed: z.int(),
      noAnswer: z.int(),
      uniqueUsers: z.int(),
      citations: z.int(),
      uniqueSources: z.int(),
      totalCostJpy: z.number().nullable().meta({ description: 'Null: no answer has a price.' }),
      priced: z.int(),
      votes: z.int(),
      positiveVotes: z.int(),
      averageTokens: measure,
      latencyP99Ms: measure,
    }),
    compliance,
  })
  .meta({ id: 'DayReport' }) satisfies z.ZodType<DayReport>;

const historyDay = z.object({
  date: day,
  citationRate: measure.meta({ description: 'Percent of answered questions with a valid citation.' }),
  citationCount: count,
  uniqueSourcesCount: count,
  latencyP50Ms: measure,
  latencyP95Ms: measure,
  latencyP99Ms: measure,
  costPerAnswer: measure.meta({ description: 'Mean of priced answers, in yen. Null: no answer has a price.' }),
  totalCost: measure.meta({ description: 'In yen. Null: no answer has a price.' }),
  totalQueries: count,
  uniqueUsers: count,
  averageTokensPerQuery: count,
  averageRelevanceScore: measure,
  positiveVotesRate: measure.meta({ description: 'Percent of the votes. Null: no votes.' }),
  failedQueries: z.int(),
  noAnswerCount: z.int(),
  pricedCount: z.int(),
  sloCompliance: compliance.nullable(),
  computedAt: z.string().meta({ format: 'date-time' }),
  errorRate: measure.meta({ description: 'Share (0 to 1) of failed questions. Null: no questions.' }),
});

export const metricsHistory = z.object({
  days: z.array(historyDay).readonly().meta({ description: 'Oldest first. Days without a daily rollup are omitted.' }),
  latency: z
    .object({ p50Ms: measure, p95Ms: measure, p99Ms: measure })
    .meta({ description: 'Over all these days together, accurate to 1 %.' }),
}) satisfies z.ZodType<History>;

/** Reads today so far, counted from the rows. @throws {ServiceFailure} `database_unavailable` */
export type ReadRagMetrics = (service: string | null) => Promise<DayReport>;

/** Reads the last `days` days from the daily rollup. @throws {ServiceFailure} `database_unavailable` */
export type ReadRagMetricsHistory = (days: number, service: string | null) => Promise<History>;

export const readRagMetrics = defineRoute({
  id: 'readRagMetrics',
  method: 'get',
  path: '/api/admin/rag-metrics',
  access: 'admin',
  summary: 'Read the metrics of today so far',
  query: todayQuery,
  response: dayReport,
  problems: ['database-unavailable'],
  handler: async ({ query }, { ragMetrics }: { readonly ragMetrics: ReadRagMetrics }) =>
    ragMetrics(query.service ?? null),
});

export const readRagMetricsHistory = defineRoute({
  id: 'readRagMetricsHistory',
  method: 'get',
  path: '/api/admin/rag-metrics/history',
  access: 'admin',
  summary: 'Read the daily metrics of the last days',
  query: historyDaysQuery,
  response: metricsHistory,
  problems: ['database-unavailable'],
  handler: async ({ query }, { ragMetricsHistory }: { readonly ragMetricsHistory: ReadRagMetricsHistory }) =>
    ragMetricsHistory(query.days, query.service ?? null),
});
