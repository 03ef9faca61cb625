/** Erases a user: raises an erasure fence, deletes the rows and appends a receipt. */
import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { isDeleteBlocked } from '../client/errors.ts';
import { asUser } from '../client/transaction.ts';
import { raiseErasureFence, settleErasureFence } from './fences.ts';
import type { ErasedCounts, Receipt } from './receipt-chain.ts';
import { appendReceipt } from './receipts.ts';

/**
 * Deletes the user's row in the LMS's table; content they ingested stays, without its author.
 * @param client within `asUser`
 * @returns 1, or 0 if there is no row. @throws SQLSTATE 23503 or 23001 if another table references it
 */
async function deleteOwnAccount(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ deleted: number }>('select rag_delete_own_account() as deleted');
  return rows[0]?.deleted ?? 0;
}

/**
 * Deletes what is recorded about a user, but not the row in `users`. Foreign keys would cascade too; each table is
 * named so that its rows are counted.
 * @param askedUntil later turns stay
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
      ), orphaned as (
        delete from orphaned_dialogue
        where user_id = $1 and ((orphaned_dialogue.dialogue ->> 'created_at')::timestamptz <= $2) is not false
        returning 1
      ), pending as (
        -- They wait for minutes, so all of them go, whenever they were asked.
        delete from pending_span
        where (service, group_id) in (select own.service, own.group_id from pending_span own where own.user_id = $1)
        returning 1
      ), key as (
        delete from idempotency_key where user_id = $1 and (created_at <= $2) is not false returning 1
      )
      select
        (select count(*) from dialogue) + (select count(*) from orphaned) as ai_dialogue_log,
        (select count(*) from origin) as provenance,
        (select count(*) from judging) as relevance_judging,
        (select count(*) from key) as idempotency_key`,
    values: [userId, askedUntil],
  });
  const [counts] = rows;
  if (counts === undefined) throw new Error('a deletion returned no counts');
  return counts;
}

/**
 * Finds the LMS's tables that deleting a user would change.
 * @returns tables, other than ours, whose foreign key to `users` cascades, sets null or sets a default
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
 * Waits until every transaction that writes rows of the user has ended: their foreign keys lock the user's row until
 * the commit, and this locks the same row exclusively. The recorder queues behind it, so it gives up after seconds
 * (SQLSTATE 55P03) if another program holds the row.
 * @param client within `asUser`
 */
async function waitForUserWrites(client: ClientBase): Promise<void> {
  await client.query(`set local lock_timeout = '3s'`);
  await client.query('select rag_await_own_writes()');
}

/** If this process dies half-way, the user's new questions are recorded again after this time. */
const leaseMs = 120_000;

/**
 * Erases what is recorded about a user for good, and appends a receipt. It first commits a fence, so that the database
 * rejects every earlier question, queued or still being answered on any server. Then it waits for the commits that were
 * ahead of the fence. What is deleted after that stays deleted.
 * @param options.account whether to delete the row in `users` too
 * @param options.now the clock that dates questions; the servers' clocks must agree
 * @returns the receipt; `account_in_use`, with nothing erased, if LMS tables reference the row in `users`
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
  // If this fails, the fence expires with its lease.
  const settle = (at: Date) =>
    asUser(pool, userId, (client) => settleErasureFence(client, { id, askedUntil: at })).catch(() => {});
  try {
    await asUser(pool, userId, waitForUserWrites);
    const receipt = await asUser(pool, userId, (client) => erase(client, { id, userId, account }));
    await settle(now());
    return receipt;
  } catch (error) {
    await settle(began);
    if (account && isDeleteBlocked(error)) return 'account_in_use';
    throw error;
  }
}

async function erase(
  client: ClientBase,
  { id, userId, account }: { id: string; userId: string; account: boolean },
): Promise<Receipt> {
  const counts = await deleteUserRows(client, userId);
  await client.query('select rag_forget_own_changes()');
  const users = account ? await deleteOwnAccount(client) : 0;
  // Last, because it blocks other erasures.
  return await appendReceipt(client, { fence: id, account, counts: { ...counts, users } });
}
