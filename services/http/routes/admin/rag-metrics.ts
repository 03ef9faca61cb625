/** GET /api/admin/rag-metrics and its history: how good the answers of a day were. */
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { DayReport } from '../../../rollup/day-report.ts';
import type { History } from '../../../rollup/history.ts';
import { type ObjectiveKey, objectives } from '../../../slo/objectives.ts';
import { parseQuery } from '../../api/parse-input.ts';
import { wholeNumber } from '../../api/schemas.ts';

export const historyDaysQuery = z.strictObject({
  days: wholeNumber(1, 366)
    .default(30)
    .meta({ description: 'Up to and including today in Asia/Tokyo, which has no row before it is over.' }),
});

const day = z.string().meta({ format: 'date', description: 'A day in Asia/Tokyo.' });
const missing = { description: 'Null: nothing was measured.' };
const measure = z.number().nullable().meta(missing);
const count = z.int().nullable().meta(missing);
const met = z.boolean().nullable().meta({ description: 'Null: not enough data.' });
const compliance = z.object({
  citationRateMet: met,
  latencyMet: met.meta({ description: 'P50 and P95 together. Null: not enough data.' }),
  costMet: met,
  relevanceMet: met,
  overallMet: met,
});

const objectiveReport = z.object({
  key: z.enum(Object.keys(objectives) as [ObjectiveKey, ...ObjectiveKey[]]),
  name: z.string(),
  title: z.string(),
  unit: z.enum(['ratio', 'seconds', 'jpy', 'score']).meta({ description: 'Of value, target, warning and critical.' }),
  direction: z.enum(['atLeast', 'atMost', 'below']),
  target: z.number(),
  warning: z.number().nullable(),
  critical: z.number().nullable(),
  action: z.string().nullable().meta({ description: 'What to do about a breach.' }),
  value: measure,
  met,
});

export const dayReport = z.object({
  day,
  generatedAt: z.string().meta({ format: 'date-time' }),
  objectives: z.array(objectiveReport).readonly(),
  totals: z.object({
    queries: z.int().meta({ description: 'Answers given.' }),
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
}) satisfies z.ZodType<DayReport>;

const historyDay = z.object({
  date: day,
  citationRate: measure.meta({ description: 'Percent of answered questions with a valid citation.' }),
  citationCount: count,
  uniqueSourcesCount: count,
  latencyP50Ms: measure,
  latencyP95Ms: measure,
  latencyP99Ms: measure,
  costPerAnswer: measure.meta({ description: 'Yen, mean of priced answers. Null: none was priced.' }),
  totalCost: measure.meta({ description: 'Yen. Null: none was priced.' }),
  totalQueries: count,
  uniqueUsers: count,
  averageTokensPerQuery: count,
  averageRelevanceScore: measure,
  positiveVotesRate: measure.meta({ description: 'Percent of the votes cast. Null: none was cast.' }),
  failedQueries: z.int(),
  noAnswerCount: z.int(),
  pricedCount: z.int(),
  sloCompliance: compliance.nullable(),
  computedAt: z.string().meta({ format: 'date-time' }),
  errorRate: measure.meta({ description: 'Share (0 to 1) of questions that failed. Null: nothing was asked.' }),
});

export const metricsHistory = z.object({
  days: z
    .array(historyDay)
    .readonly()
    .meta({ description: 'Oldest first; days that were never rolled up are left out.' }),
  latency: z
    .object({ p50Ms: measure, p95Ms: measure, p99Ms: measure })
    .meta({ description: 'Over all these days together, within 1 %.' }),
}) satisfies z.ZodType<History>;

/** Today so far, counted from the rows. @throws {ChatFailure} `database_unavailable` */
export type ReadRagMetrics = () => Promise<DayReport>;

/** The last `days` days as the rollup counted them. @throws {ChatFailure} `database_unavailable` */
export type ReadRagMetricsHistory = (days: number) => Promise<History>;

export function showRagMetrics(read: ReadRagMetrics): RequestHandler {
  return async (_req, res) => {
    res.json(await read());
  };
}

export function showRagMetricsHistory(read: ReadRagMetricsHistory): RequestHandler {
  return async (req, res) => {
    const { days } = parseQuery(req, historyDaysQuery);
    res.json(await read(days));
  };
}
