/** GET /api/admin/worst-answers: the answers to review first, without question and answer text. */
import { z } from 'zod';
import { instant, ofService, wholeNumber } from '../../api/schemas.ts';
import { defineRoute } from '../../define-route.ts';

const worstAnswersQuery = z.strictObject({
  days: wholeNumber(1, 7).default(2).meta({ description: 'Days up to and including today, in Asia/Tokyo.' }),
  limit: wholeNumber(1, 100).default(10),
  service: ofService,
});

const worstAnswer = z.object({
  id: z.guid(),
  service: z.string(),
  answeredAt: instant,
  vote: z
    .union([z.literal(-1), z.literal(1)])
    .nullable()
    .meta({ description: 'Null: no vote.' }),
  citationRate: z
    .number()
    .nullable()
    .meta({ description: 'Percent of the sentences with a valid citation. Null: unknown.' }),
  relevance: z.number().nullable().meta({ description: '0 to 1. Null: not scored.' }),
  latencyMs: z.int().nullable(),
  costJpy: z.number().nullable().meta({ description: 'In yen. Null: the answer has no price.' }),
  model: z.string().nullable(),
  traceId: z.string().nullable(),
});

export type WorstAnswer = z.output<typeof worstAnswer>;

export const worstAnswers = z.object({
  answers: z.array(worstAnswer).readonly().meta({
    description:
      'Considers at most the latest 20,000 answers of these days. Downvoted answers first, then those without a valid citation, then by lowest relevance and highest latency.',
  }),
});

/** @throws {ServiceFailure} `database_unavailable` */
export type FindWorstAnswers = (request: {
  readonly days: number;
  readonly limit: number;
  /** Absent or null: of all services. */
  readonly service?: string | null | undefined;
}) => Promise<readonly WorstAnswer[]>;

export const listWorstAnswers = defineRoute({
  id: 'listWorstAnswers',
  method: 'get',
  path: '/api/admin/worst-answers',
  access: 'admin',
  summary: 'List the worst answers, without their text',
  query: worstAnswersQuery,
  response: worstAnswers,
  problems: ['database-unavailable'],
  handler: async ({ query }, { worstAnswers: find }: { readonly worstAnswers: FindWorstAnswers }) => ({
    answers: await find(query),
  }),
});
