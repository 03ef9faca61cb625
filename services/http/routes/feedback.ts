/** POST /api/ai/dialogues/:id/feedback: votes on an answer. */
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { parseBody, parseParams } from '../api/parse-input.ts';
import { Problem } from '../api/problem.ts';
import { uuid } from '../api/schemas.ts';
import { callerOf } from '../auth/authenticate.ts';

const votes = z.union([z.literal(-1), z.literal(0), z.literal(1)], { error: 'must be -1, 0 or 1' });

export const voteRequest = z.strictObject(
  { vote: votes },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

export const voteReply = z.object({ id: z.guid(), vote: votes });

export const dialogueParams = z.strictObject({ id: uuid });

/**
 * Sets the user's vote on a dialogue of their own.
 * @throws {ChatFailure} `database_unavailable`
 */
export type SaveVote = (userId: string, dialogueId: string, vote: -1 | 0 | 1) => Promise<'ok' | 'not_found'>;

export function takeVote(saveVote: SaveVote): RequestHandler {
  return async (req, res) => {
    const { id } = parseParams(req, dialogueParams);
    const { vote } = parseBody(req, voteRequest);
    if ((await saveVote(callerOf(res).requester.userId, id, vote)) === 'not_found') {
      throw new Problem('not-found', {
        detail: 'No dialogue of yours has this id. GET /api/ai/dialogues lists yours.',
      });
    }
    res.json({ id, vote } satisfies z.output<typeof voteReply>);
  };
}
