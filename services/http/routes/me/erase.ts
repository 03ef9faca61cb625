/** DELETE /api/me: erases what is recorded about the caller, and gives a receipt. */
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { parseQuery } from '../../api/parse-input.ts';
import { Problem } from '../../api/problem.ts';
import { instant } from '../../api/schemas.ts';
import { callerOf } from '../../auth/authenticate.ts';

export const eraseQuery = z.strictObject({
  account: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .meta({ description: "true: the LMS's own row of the caller in users goes too." }),
});

const rows = z.int();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const erasureReceipt = z.object({
  id: z.guid().meta({ description: 'Random; leads to nobody.' }),
  number: z.int().meta({ description: 'Its place in the chain of receipts, from 1.' }),
  erasedAt: instant,
  account: z.boolean().meta({ description: 'Whether the row in users was to go too.' }),
  counts: z
    .object({ ai_dialogue_log: rows, provenance: rows, relevance_judging: rows, idempotency_key: rows, users: rows })
    .meta({ description: 'Rows erased, by table.' }),
  previousHash: sha256.meta({ description: 'Of the receipt before.' }),
  hash: sha256.meta({ description: 'Of previousHash, a line break and the rest; docs/learner-rights.md says how.' }),
});

type ErasureReceipt = z.output<typeof erasureReceipt>;

/**
 * Erases; what is not there any more counts as zero.
 *
 * `account_in_use`: tables of the LMS hang on the caller's row in `users`, and nothing was erased.
 * @throws {ChatFailure} `database_unavailable`
 */
export type EraseMe = (
  userId: string,
  given: { readonly account: boolean },
) => Promise<ErasureReceipt | 'account_in_use'>;

/** @param forget told of a user whose row may be gone */
export function eraseMe(erase: EraseMe, forget: (userId: string) => void): RequestHandler {
  return async (req, res) => {
    const { account } = parseQuery(req, eraseQuery);
    const { userId } = callerOf(res).requester;
    const receipt = await erase(userId, { account: account === 'true' });
    if (receipt === 'account_in_use') throw new Problem('account-in-use');
    forget(userId);
    res.json(receipt satisfies ErasureReceipt);
  };
}
