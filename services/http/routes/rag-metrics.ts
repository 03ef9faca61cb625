/** GET /api/admin/rag-metrics and its history: how good the answers of a day were. */
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { parseQuery } from '../parse-input.ts';

export const historyDaysQuery = z.strictObject({
  days: z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(1, { error: 'must be at least 1' })
    .max(366, { error: 'must be at most 366' })
    .default(30),
});

const met = z.boolean().nullable().meta({ description: 'Null: not enough data.' });

/** A day in Asia/Tokyo. Null everywhere: nothing was measured. */
export const dayMetrics = z.object({
  date: z.iso.date().meta({ description: 'The day in Asia/Tokyo.' }),
  citationRate: z.number().nullable().meta({ description: 'Percent of answered questions with a valid citation.' }),
  citationCount: z.int().nullable(),
  uniqueSourcesCount: z.int().nullable(),
  latencyP50Ms: z.number().nullable(),
  latencyP95Ms: z.number().nullable(),
  latencyP99Ms: z.number().nullable(),
  costPerAnswer: z.number().nullable().meta({ description: 'Yen, mean of priced answers.' }),
  totalCost: z.number().nullable().meta({ description: 'Yen.' }),
  totalQueries: z.int().nullable(),
  uniqueUsers: z.int().nullable(),
  averageTokensPerQuery: z.int().nullable(),
  averageRelevanceScore: z.number().nullable(),
  positiveVotesRate: z.number().nullable().meta({ description: 'Percent of the votes cast (1 or -1) that are 1.' }),
  failedQueries: z.int(),
  noAnswerCount: z.int(),
  pricedCount: z.int(),
  sloCompliance: z
    .object({ citationRateMet: met, latencyMet: met, costMet: met, relevanceMet: met, overallMet: met })
    .nullable(),
});

export type DayMetrics = z.output<typeof dayMetrics>;

export const metricsHistory = z.object({ days: z.array(dayMetrics).readonly().meta({ description: 'Oldest first.' }) });

/** Today so far, counted from the rows. @throws {ChatFailure} `database_unavailable` */
export type ReadRagMetrics = () => Promise<DayMetrics>;

/** The last `days` rows of the rollup, oldest first. @throws {ChatFailure} `database_unavailable` */
export type ReadRagMetricsHistory = (days: number) => Promise<readonly DayMetrics[]>;

export function showRagMetrics(read: ReadRagMetrics): RequestHandler {
  return async (_req, res) => {
    res.json(await read());
  };
}

export function showRagMetricsHistory(read: ReadRagMetricsHistory): RequestHandler {
  return async (req, res) => {
    const { days } = parseQuery(req, historyDaysQuery);
    res.json({ days: await read(days) } satisfies z.output<typeof metricsHistory>);
  };
}
