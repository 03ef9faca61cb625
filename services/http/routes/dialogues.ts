/** GET /api/ai/dialogues: the caller's own questions and answers. */
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { reply } from '../api/chat-reply.ts';
import { cutPage } from '../api/pagination.ts';
import { parseQuery } from '../api/parse-input.ts';
import { instant, uuid, wholeNumber } from '../api/schemas.ts';
import { callerOf } from '../auth/authenticate.ts';

export const historyQuery = z.strictObject({
  limit: wholeNumber(1, 100).default(20),
  before: uuid.optional().meta({ description: 'The `next` of the page before: only older dialogues follow.' }),
});

/** Rows that others wrote may lack what ours always have. */
export const pastDialogue = reply.extend({
  askedAt: instant,
  query: z.string(),
  vote: z.int().min(-1).max(1).nullable().meta({ description: 'Null: no vote.' }),
  citationRate: z.number().nullable(),
  latencyMs: z.int().nullable(),
});

export type PastDialogue = z.output<typeof pastDialogue>;

export const history = z.object({
  dialogues: z.array(pastDialogue).readonly().meta({ description: 'Newest first.' }),
  next: z.guid().nullable().meta({ description: 'Send it as `before` for older ones. Null: there are none.' }),
});

/**
 * The user's own dialogues, newest first.
 *
 * `before` is the id of a dialogue of this user; rows older than it by (created_at, id) follow. An id that is none of
 * theirs gives no rows. @throws {ChatFailure} `database_unavailable`
 */
export type ReadHistory = (
  userId: string,
  page: { readonly limit: number; readonly before: string | null },
) => Promise<readonly PastDialogue[]>;

export function listDialogues(readHistory: ReadHistory): RequestHandler {
  return async (req, res) => {
    const { limit, before } = parseQuery(req, historyQuery);
    const rows = await readHistory(callerOf(res).requester.userId, { limit: limit + 1, before: before ?? null });
    const { page, next } = cutPage(rows, limit);
    res.json({ dialogues: page, next } satisfies z.output<typeof history>);
  };
}
