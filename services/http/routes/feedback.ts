/** POST /api/ai/dialogues/:id/feedback: votes on an answer. */
import { z } from 'zod';
import { Problem } from '../api/problem.ts';
import { uuid } from '../api/schemas.ts';
import { defineRoute } from '../define-route.ts';

const votes = z.union([z.literal(-1), z.literal(0), z.literal(1)], { error: 'must be -1, 0 or 1' });

const voteRequest = z.strictObject(
  { vote: votes },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

const voteReply = z.object({ id: z.guid(), vote: votes });

/**
 * Sets the user's vote on one of their own dialogues.
 * @throws {ServiceFailure} `database_unavailable`
 */
export type SaveVote = (userId: string, dialogueId: string, vote: -1 | 0 | 1) => Promise<'ok' | 'not_found'>;

export const voteOnAnswer = defineRoute({
  id: 'voteOnAnswer',
  method: 'post',
  path: '/api/ai/dialogues/:id/feedback',
  access: 'user',
  summary: 'Vote on an answer',
  params: z.strictObject({ id: uuid }),
  body: voteRequest,
  response: voteReply,
  problems: ['not-found', 'database-unavailable'],
  async handler({ params: { id }, body, caller }, { vote: saveVote }: { readonly vote: SaveVote }) {
    if ((await saveVote(caller.requester.userId, id, body.vote)) === 'not_found') {
      throw new Problem('not-found', {
        detail: 'You have no dialogue with this id. GET /api/ai/dialogues lists your dialogues.',
      });
    }
    return { id, vote: body.vote };
  },
});
