/** What the SDKs of Langfuse call besides the export of spans: scores, health, and the check of the keys. */
import { z } from 'zod';
import { defineRoute } from '../../define-route.ts';
import type { VoteOnTurn } from '../services/turn-feedback.ts';

/** Other fields are ignored: SDKs send many. */
const score = z.object({
  id: z.string().max(200).optional(),
  traceId: z
    .string()
    .min(1)
    .max(200)
    .refine((id) => !id.includes('\0'), { error: 'contains a NUL character' })
    .nullish(),
  name: z.string().max(200),
  value: z.union([z.number(), z.string().max(500), z.boolean()]),
  dataType: z.string().max(40).nullish(),
});

const scores = z.union([score, z.array(score).max(100)]);

/** Scores with such a name are votes of users; others are results of evaluations, which are not stored. */
const isFeedback = /feedback|thumb|vote|rating|like|helpful|satisf|user/i;

export const createLangfuseScore = defineRoute({
  id: 'createLangfuseScore',
  method: 'post',
  path: '/api/public/scores',
  access: 'service',
  summary: 'Vote on a turn with the SDKs of Langfuse',
  description:
    'A score whose name is about feedback is a vote on the turn of its trace: above the middle of its range +1, below it -1. Other scores are accepted and not stored.',
  body: scores,
  response: z.object({ id: z.string() }),
  problems: ['database-unavailable'],
  async handler({ body, service }, deps: { readonly voteOnTurn: VoteOnTurn }) {
    const all = Array.isArray(body) ? body : [body];
    for (const { name, traceId, value } of all) {
      const vote = isFeedback.test(name) ? voteOf(value) : null;
      if (vote === null || !traceId) continue;
      await deps.voteOnTurn({ service: service.service, reference: traceId, vote });
    }
    return { id: all[0]?.id ?? '' };
  },
});

/** Of a number the range is guessed: 0 to 1, -1 to 1, or stars up to 5. Null for a text that is no verdict. */
function voteOf(value: number | string | boolean): -1 | 0 | 1 | null {
  if (typeof value === 'boolean') return value ? 1 : -1;
  if (typeof value === 'string') {
    if (/^(good|positive|up|thumbs?[ _-]?up|like|yes|true|helpful|correct|👍)$/iu.test(value.trim())) return 1;
    return /^(bad|negative|down|thumbs?[ _-]?down|dislike|no|false|unhelpful|incorrect|👎)$/iu.test(value.trim())
      ? -1
      : null;
  }
  if (value < 0) return -1;
  if (value <= 1) return value > 0.5 ? 1 : value === 0.5 ? 0 : -1;
  return value > 3 ? 1 : value === 3 ? 0 : -1;
}

export const readLangfuseHealth = defineRoute({
  id: 'readLangfuseHealth',
  method: 'get',
  path: '/api/public/health',
  access: 'public',
  summary: 'Health check of the SDKs of Langfuse',
  response: z.object({ status: z.literal('OK'), version: z.string() }),
  problems: [],
  handler: async () => ({ status: 'OK' as const, version: '3.0.0' }),
});

export const readLangfuseProjects = defineRoute({
  id: 'readLangfuseProjects',
  method: 'get',
  path: '/api/public/projects',
  access: 'service',
  summary: 'Check of the keys by the SDKs of Langfuse',
  response: z.object({
    data: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        metadata: z.object({}),
        organization: z.object({ id: z.string(), name: z.string() }),
      }),
    ),
  }),
  problems: [],
  handler: async ({ service: { service } }) => ({
    data: [
      { id: service, name: service, metadata: {}, organization: { id: 'rag-observatory', name: 'rag-observatory' } },
    ],
  }),
});
