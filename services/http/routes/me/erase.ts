/** DELETE /api/me: erases what is recorded about the caller and returns a receipt. */
import { z } from 'zod';
import { Problem } from '../../api/problem.ts';
import { instant } from '../../api/schemas.ts';
import { defineRoute } from '../../define-route.ts';

const eraseQuery = z.strictObject({
  account: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .meta({ description: "true: also deletes the caller's row in the LMS table users." }),
});

const rows = z.int();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const erasureReceipt = z.object({
  id: z.guid().meta({ description: 'Random; identifies no user.' }),
  number: z.int().meta({ description: 'Position in the chain of receipts, from 1.' }),
  erasedAt: instant,
  account: z.boolean().meta({ description: 'Whether deletion of the row in users was requested.' }),
  counts: z
    .object({ ai_dialogue_log: rows, provenance: rows, relevance_judging: rows, idempotency_key: rows, users: rows })
    .meta({ description: 'Erased rows by table.' }),
  previousHash: sha256.meta({ description: 'The hash of the previous receipt.' }),
  hash: sha256.meta({
    description: 'Hash of previousHash, a line break and the other fields; see docs/learner-rights.md.',
  }),
});

type ErasureReceipt = z.output<typeof erasureReceipt>;

/**
 * Erases the user's data. What is already gone counts as zero.
 *
 * `account_in_use`: other tables of the LMS reference the caller's row in `users`, and nothing was erased.
 * @throws {ServiceFailure} `database_unavailable`
 */
export type EraseMe = (
  userId: string,
  options: { readonly account: boolean },
) => Promise<ErasureReceipt | 'account_in_use'>;

export const eraseMe = defineRoute({
  id: 'eraseMe',
  method: 'delete',
  path: '/api/me',
  access: 'user',
  summary: 'Erase what is recorded about you',
  description:
    'Answers in progress are not recorded either. The receipt contains no personal data. Erasing again returns a receipt with zero rows.',
  query: eraseQuery,
  response: erasureReceipt,
  problems: ['account-in-use', 'database-unavailable'],
  async handler(
    { query, caller },
    { eraseMe: erase, forget }: { readonly eraseMe: EraseMe; readonly forget: (userId: string) => void },
  ) {
    const { userId } = caller.requester;
    const receipt = await erase(userId, { account: query.account === 'true' });
    if (receipt === 'account_in_use') throw new Problem('account-in-use');
    forget(userId);
    return receipt;
  },
});
