/** GET /api/admin/worst-answers: which answers to look at first, without what was asked and answered. */
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { parseQuery } from '../../api/parse-input.ts';
import { instant, wholeNumber } from '../../api/schemas.ts';

export const worstAnswersQuery = z.strictObject({
  days: wholeNumber(1, 7).default(2).meta({ description: 'Up to and including today, in Asia/Tokyo.' }),
  limit: wholeNumber(1, 100).default(10),
});

const worstAnswer = z.object({
  id: z.guid(),
  answeredAt: instant,
  vote: z
    .union([z.literal(-1), z.literal(1)])
    .nullable()
    .meta({ description: 'Null: nobody voted.' }),
  citationRate: z
    .number()
    .nullable()
    .meta({ description: 'Percent of its sentences with a valid citation. Null: not known.' }),
  relevance: z.number().nullable().meta({ description: '0 to 1. Null: not judged.' }),
  latencyMs: z.int().nullable(),
  costJpy: z.number().nullable().meta({ description: 'Yen. Null: not priced.' }),
  model: z.string().nullable(),
  traceId: z.string().nullable(),
});

export type WorstAnswer = z.output<typeof worstAnswer>;

export const worstAnswers = z.object({
  answers: z.array(worstAnswer).readonly().meta({
    description:
      'Of these days, the latest 20,000 answers at most. Voted down first, then without a valid citation, then by relevance and by how long they took.',
  }),
});

/** @throws {ChatFailure} `database_unavailable` */
export type FindWorstAnswers = (asked: {
  readonly days: number;
  readonly limit: number;
}) => Promise<readonly WorstAnswer[]>;

export function listWorstAnswers(find: FindWorstAnswers): RequestHandler {
  return async (req, res) => {
    res.json({ answers: await find(parseQuery(req, worstAnswersQuery)) } satisfies z.output<typeof worstAnswers>);
  };
}
