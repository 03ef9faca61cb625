/** POST /api/turns/:id/feedback: a vote of a user of another application. */
import { z } from 'zod';
import { defineRoute } from '../../define-route.ts';

const votes = z.union([z.literal(-1), z.literal(0), z.literal(1)], { error: 'must be -1, 0 or 1' });

const params = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(500)
    .refine((id) => !id.includes('\0'), { error: 'contains a NUL character' })
    .meta({ description: 'Our id of the turn, your own id, or its trace id.' }),
});

const feedbackBody = z.strictObject(
  { vote: votes },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

const feedbackReply = z.object({
  id: z.string(),
  vote: votes,
  state: z.enum(['applied', 'pending']).meta({
    description: 'pending: the turn has not arrived. The vote waits a week for it.',
  }),
});

/** @throws {ServiceFailure} `database_unavailable` */
export type VoteOnTurn = (vote: {
  readonly service: string;
  readonly reference: string;
  readonly vote: -1 | 0 | 1;
}) => Promise<'applied' | 'pending'>;

export const voteOnTurn = defineRoute({
  id: 'voteOnTurn',
  method: 'post',
  path: '/api/turns/:id/feedback',
  access: 'service',
  summary: 'Vote on a turn of your application, even before it arrives',
  params,
  body: feedbackBody,
  response: feedbackReply,
  problems: ['database-unavailable'],
  async handler({ params: { id }, body: { vote }, service }, deps: { readonly voteOnTurn: VoteOnTurn }) {
    return { id, vote, state: await deps.voteOnTurn({ service: service.service, reference: id, vote }) };
  },
});
