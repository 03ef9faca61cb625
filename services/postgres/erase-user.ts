/** Erases what is recorded about a user, so that nothing that was asked before comes back, and leaves a receipt. */
import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { appendReceipt } from './append-receipt.ts';
import { asUser } from './as-user.ts';
import { deleteOwnAccount } from './delete-own-account.ts';
import { deleteUserRows } from './delete-user-rows.ts';
import { isHeldByOthers } from './error-kinds.ts';
import { raiseErasureFence } from './raise-erasure-fence.ts';
import type { Receipt } from './receipt-chain.ts';
import { settleErasureFence } from './settle-erasure-fence.ts';
import { tablesChangedWithUsers } from './tables-changed-with-users.ts';
import { waitForUserWrites } from './wait-for-user-writes.ts';

/** Should this process die half-way, the user's new questions are recorded again after so long. */
const leaseMs = 120_000;

/**
 * First a fence, committed: whatever the user asked until now, in any server's queue or still being answered, is refused by
 * the database. Then the commits that were ahead of the fence are waited for. What is deleted after that stays deleted.
 *
 * @param given.account whether the row in `users` goes too
 * @param given.now the clock that questions are dated with; servers' clocks have to agree
 * @returns the receipt; `account_in_use` (and nothing was erased) where tables of the LMS hang on the row in `users`
 */
export async function eraseUser(
  pool: Pool,
  { userId, account, now }: { userId: string; account: boolean; now: () => Date },
): Promise<Receipt | 'account_in_use'> {
  if (account && (await tablesChangedWithUsers(pool)).length > 0) return 'account_in_use';
  const id = randomUUID();
  const began = now();
  const askedUntil = new Date(began.getTime() + leaseMs);
  await asUser(pool, userId, (client) => raiseErasureFence(client, { id, userId, askedUntil }));
  // Nobody waits for more than the lease where this fails.
  const settle = (at: Date) =>
    asUser(pool, userId, (client) => settleErasureFence(client, { id, askedUntil: at })).catch(() => {});
  try {
    await asUser(pool, userId, waitForUserWrites);
    const receipt = await asUser(pool, userId, (client) => erase(client, { id, userId, account }));
    await settle(now());
    return receipt;
  } catch (error) {
    await settle(began);
    if (account && isHeldByOthers(error)) return 'account_in_use';
    throw error;
  }
}

async function erase(
  client: ClientBase,
  { id, userId, account }: { id: string; userId: string; account: boolean },
): Promise<Receipt> {
  const counts = await deleteUserRows(client, userId);
  const users = account ? await deleteOwnAccount(client) : 0;
  // Last, because other erasures wait for it.
  return await appendReceipt(client, { fence: id, account, counts: { ...counts, users } });
}
