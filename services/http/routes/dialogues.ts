/** GET /api/ai/dialogues: the caller's own questions and answers. */
import { z } from 'zod';
import { reply } from '../api/chat-reply.ts';
import { cutPage, instant, uuid, wholeNumber } from '../api/schemas.ts';
import { defineRoute } from '../define-route.ts';

const historyQuery = z.strictObject({
  limit: wholeNumber(1, 100).default(20),
  before: uuid.optional().meta({ description: 'The `next` of the previous page; only older dialogues follow.' }),
});

/** Rows written by other programs may lack values that our own rows always have. */
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
  next: z.guid().nullable().meta({ description: 'Send it as `before` to get older dialogues. Null: there are none.' }),
});

/**
 * Reads the user's own dialogues, newest first.
 *
 * `before` is the id of a dialogue of this user: rows older than it by (created_at, id) follow. Any other id returns no
 * rows. @throws {ServiceFailure} `database_unavailable`
 */
export type ReadHistory = (
  userId: string,
  page: { readonly limit: number; readonly before: string | null },
) => Promise<readonly PastDialogue[]>;

export const listDialogues = defineRoute({
  id: 'listDialogues',
  method: 'get',
  path: '/api/ai/dialogues',
  access: 'user',
  summary: 'List your own questions and answers',
  query: historyQuery,
  response: history,
  problems: ['database-unavailable'],
  async handler({ query, caller }, { history: read }: { readonly history: ReadHistory }) {
    const { limit, before = null } = query;
    const { page, next } = cutPage(await read(caller.requester.userId, { limit: limit + 1, before }), limit);
    return { dialogues: page, next };
  },
});
