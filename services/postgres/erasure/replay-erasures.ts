/** Repeats erasures after a restore from a backup. */
import type { ClientBase, Pool } from 'pg';
import { isDeleteBlocked } from '../client/errors.ts';
import { inTransaction } from '../client/transaction.ts';
import { deleteUserRows, tablesChangedWithUsers } from './erase-user.ts';
import type { Erasure } from './erasure-list.ts';
import { restoreErasureFences } from './fences.ts';
import type { ErasedCounts } from './receipt-chain.ts';
import { findDisputedReceipts, findReceipt, lockChainHead, replayReceipt } from './receipts.ts';

/**
 * Deletes the row of a user that a backup restored, unless the user has registered again since.
 * @param erasedAt accounts created later stay, and so do accounts with later questions
 * @returns 1 or 0. @throws SQLSTATE 23503 or 23001 if another table references the row
 */
async function deleteRestoredUser(
  client: ClientBase,
  { userId, erasedAt }: { userId: string; erasedAt: Date },
): Promise<number> {
  const { rowCount } = await client.query({
    // The table of an LMS may lack created_at.
    text: `
      delete from users
      where id = $1
        and ((to_jsonb(users) ->> 'created_at')::timestamptz > $2) is not true
        and not exists (select from ai_dialogue_log where user_id = $1)
        and not exists (select from idempotency_key where user_id = $1)`,
    values: [userId, erasedAt],
  });
  return rowCount ?? 0;
}

/**
 * Finds users by the SHA-256 of their id. Every id is hashed: it scans `users` and `orphaned_dialogue`, and looks up
 * each distinct user of the dialogues.
 * @param hashes lower-case hexadecimal
 * @returns the ids found, by hash
 */
async function findErasedUsers(pool: Pool, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ id: string; hash: string }>({
    text: `
      with recursive author as (
        (select user_id from ai_dialogue_log order by user_id limit 1)
        union all
        select (select user_id from ai_dialogue_log where user_id > author.user_id order by user_id limit 1)
        from author where author.user_id is not null
      ), known as (
        select id from users union select user_id from author where user_id is not null
        union select user_id from orphaned_dialogue
        union select case when actor ~ '^user:[0-9a-f-]{36}$' then substr(actor, 6)::uuid end from plugin_registry_audit
      ), hashed as (
        select id, encode(sha256(uuid_send(id)), 'hex') as hash from known
      )
      select id, hash from hashed where hash = any($1)`,
    values: [hashes],
  });
  return new Map(rows.map(({ id, hash }) => [hash, id]));
}

/**
 * Locks a user's row until the transaction ends: writes in flight finish first, and no new ones start.
 * @throws SQLSTATE 55P03 if another program holds the row for seconds, because the recorder queues behind this lock
 */
async function lockUser(client: ClientBase, userId: string): Promise<void> {
  await client.query(`set local lock_timeout = '3s'`);
  await client.query({ text: 'select from users where id = $1 for update', values: [userId] });
}

export type ReplayedErasure = {
  /**
   * - `unchanged`: the chain had the receipt, and there was nothing left to erase.
   * - `restored`: the receipt was put back at its original position.
   * - `replaced`: a new receipt replaces it, because its position was taken or only the rows had been restored.
   */
  readonly receipt: 'unchanged' | 'restored' | 'replaced';
  /** Rows erased by the replay. */
  readonly counts: ErasedCounts;
  /** A user whose row in `users` could not be deleted. */
  readonly accountKept: string | null;
};

const nothing: ErasedCounts = { ai_dialogue_log: 0, provenance: 0, relevance_judging: 0, idempotency_key: 0, users: 0 };

/**
 * Repeats erasures that a restored backup has undone, and restores missing receipts: first all fences, so that nothing
 * can be written meanwhile, then each erasure in a transaction of its own, in order. It can be repeated, and continues
 * after an interruption.
 * @param erasures each once, by receipt number, ascending
 * @throws {Error} if list and chain differ about a receipt, before anything is changed
 */
export async function* replayErasures(pool: Pool, erasures: readonly Erasure[]): AsyncGenerator<ReplayedErasure> {
  const receipts = erasures.map(({ receipt }) => receipt);
  const [disputed] = await findDisputedReceipts(pool, receipts);
  if (disputed !== undefined) {
    throw new Error(
      `receipt ${disputed} differs between the list and the database: one of the two was altered. Nothing was changed`,
    );
  }
  await restoreErasureFences(
    pool,
    erasures.map((erasure) => ({ ...erasure, receiptId: null })),
  );
  const users = await findErasedUsers(pool, [...new Set(erasures.map(({ userSha256 }) => userSha256))]);
  const accounts = (await tablesChangedWithUsers(pool)).length === 0;
  for (const erasure of erasures) {
    const userId = users.get(erasure.userSha256) ?? null;
    yield await replay(pool, erasure, { userId, accounts });
  }
}

type Target = {
  readonly userId: string | null;
  /** Whether rows of `users` may be deleted. */
  readonly accounts: boolean;
};

async function replay(pool: Pool, erasure: Erasure, target: Target): Promise<ReplayedErasure> {
  try {
    return await inTransaction(pool, (client) => eraseAgain(client, erasure, target));
  } catch (error) {
    if (!target.accounts || !isDeleteBlocked(error)) throw error;
    return await inTransaction(pool, (client) => eraseAgain(client, erasure, { ...target, accounts: false }));
  }
}

async function eraseAgain(
  client: ClientBase,
  { id, userSha256, askedUntil, receipt }: Erasure,
  { userId, accounts }: Target,
): Promise<ReplayedErasure> {
  const original = receipt.replays ?? receipt;
  const existing = await findReceipt(client, [receipt.id, original.id]);
  let counts = nothing;
  let accountKept: string | null = null;
  if (userId !== null) {
    await lockUser(client, userId);
    const rows = await deleteUserRows(client, userId, askedUntil);
    await client.query({
      text: `update plugin_registry_audit set actor = 'user:erased' where actor = 'user:' || $1::uuid and at <= $2`,
      values: [userId, askedUntil],
    });
    // If its receipt is in the chain, the account was deleted before the backup and created again on purpose.
    const wanted = receipt.account && existing === null;
    const deleted = wanted && accounts ? await deleteRestoredUser(client, { userId, erasedAt: askedUntil }) : 0;
    counts = { ...rows, users: deleted };
    if (wanted && deleted === 0) accountKept = userId;
  }
  const settled = await settleReceipt();
  await restoreErasureFences(client, [{ id, userSha256, askedUntil, receiptId: settled.id }]);
  return { receipt: settled.state, counts, accountKept };

  async function settleReceipt(): Promise<{ id: string; state: ReplayedErasure['receipt'] }> {
    const erased = Object.values(counts).some((count) => count > 0);
    if (existing !== null && !erased) return { id: existing, state: 'unchanged' };
    const head = await lockChainHead(client);
    const fits = receipt.number === head.receipts + 1 && receipt.previousHash === head.hash;
    if (existing === null && fits) {
      const { hash } = await replayReceipt(client, { ...receipt, replays: receipt.replays });
      if (hash !== receipt.hash)
        throw new Error(`receipt ${receipt.number} of the list was altered: its hash does not match`);
      return { id: receipt.id, state: 'restored' };
    }
    const { account } = receipt;
    const replays = { id: original.id, hash: original.hash };
    const { id } = await replayReceipt(client, { id: null, erasedAt: null, account, counts, replays });
    return { id: existing ?? id, state: 'replaced' };
  }
}
