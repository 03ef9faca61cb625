/** Erases a user: deletes the rows in batches behind an erasure fence and appends a receipt. */
import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { isHeldByOthers } from '../client/errors.ts';
import { asUser } from '../client/transaction.ts';
import { raiseErasureFence, settleErasureFence } from './fences.ts';
import type { ErasedCounts, Receipt } from './receipt-chain.ts';
import { appendReceipt } from './receipts.ts';

/**
 * Deletes the LMS's own row of the asker; content that they took in stays, and forgets by whom.
 * @param client within `asUser`
 * @returns how many: 1, or 0 where there is none. @throws SQLSTATE 23503 or 23001 where another table holds on to it
 */
async function deleteOwnAccount(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ deleted: number }>('select rag_delete_own_account() as deleted');
  return rows[0]?.deleted ?? 0;
}

/**
 * Deletes what is recorded about a user.
 * The keys would cascade too; each table is named so that each is counted. The row in `users` stays.
 * @param askedUntil what was asked later stays
 */
export async function deleteUserRows(
  client: ClientBase,
  userId: string,
  askedUntil: Date | 'infinity' = 'infinity',
): Promise<Omit<ErasedCounts, 'users'>> {
  const { rows } = await client.query<Omit<ErasedCounts, 'users'>>({
    text: `
      with judging as (
        delete from relevance_judging using ai_dialogue_log dialogue
        where dialogue.id = relevance_judging.dialogue_id and dialogue.user_id = $1 and (dialogue.created_at <= $2) is not false
        returning 1
      ), origin as (
        delete from provenance using ai_dialogue_log dialogue
        where dialogue.id = provenance.dialogue_id and dialogue.user_id = $1 and (dialogue.created_at <= $2) is not false
        returning 1
      ), dialogue as (
        delete from ai_dialogue_log where user_id = $1 and (created_at <= $2) is not false returning 1
      ), aside as (
        delete from orphaned_dialogue
        where user_id = $1 and ((orphaned_dialogue.dialogue ->> 'created_at')::timestamptz <= $2) is not false
        returning 1
      ), key as (
        delete from idempotency_key where user_id = $1 and (created_at <= $2) is not false returning 1
      )
      select
        (select count(*) from dialogue) + (select count(*) from aside) as ai_dialogue_log,
        (select count(*) from origin) as provenance,
        (select count(*) from judging) as relevance_judging,
        (select count(*) from key) as idempotency_key`,
    values: [userId, askedUntil],
  });
  const [counts] = rows;
  if (counts === undefined) throw new Error('a deletion gives its counts');
  return counts;
}

/**
 * Finds the LMS's tables that a deleted user would change.
 * @returns names of tables, other than ours, whose key to `users` cascades, sets null or sets a default
 */
export async function tablesChangedWithUsers(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(`
    select distinct conrelid::regclass::text as name
    from pg_constraint
    where contype = 'f' and confrelid = 'users'::regclass and confdeltype in ('c', 'n', 'd')
      and conrelid not in ('ai_dialogue_log'::regclass, 'provenance'::regclass, 'idempotency_key'::regclass)
    order by 1`);
  return rows.map(({ name }) => name);
}

/**
 * Waits until every transaction that is writing rows of the asker has ended.
 * A row's foreign key holds its user's row until the commit; this asks for the same row alone. The recorder waits behind it,
 * so it gives up (SQLSTATE 55P03) when some other program holds the row for seconds.
 * @param client within `asUser`
 */
async function waitForUserWrites(client: ClientBase): Promise<void> {
  await client.query(`set local lock_timeout = '3s'`);
  await client.query('select rag_await_own_writes()');
}

/** Should this process die half-way, the user's new questions are recorded again after so long. */
const leaseMs = 120_000;

/**
 * Erases what is recorded about a user, so that nothing that was asked before comes back, and leaves a receipt.
 * First a fence, committed: whatever the user asked until now, in any server's queue or still being answered, is refused by
 * the database. Then the commits that were ahead of the fence are waited for. What is deleted after that stays deleted.
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
