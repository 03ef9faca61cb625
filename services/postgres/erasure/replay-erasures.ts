/** Applies recorded erasures again after a restore from backup. */
import type { ClientBase, Pool } from 'pg';
import { isHeldByOthers } from '../client/errors.ts';
import { inTransaction } from '../client/transaction.ts';
import { deleteUserRows, tablesChangedWithUsers } from './erase-user.ts';
import type { Erasure } from './erasure-list.ts';
import { keepErasureFences } from './fences.ts';
import type { ErasedCounts } from './receipt-chain.ts';
import { findDisputedReceipts, findReceipt, lockChainHead, replayReceipt } from './receipts.ts';

/**
 * Deletes the row of a user that a restored backup brought back, and not that of somebody who came again since.
 * @param given.erasedAt an account that was made later stays, and so does one with questions of later
 * @returns how many: 1 or 0. @throws SQLSTATE 23503 or 23001 where another table holds on to it
 */
async function deleteRestoredUser(
  client: ClientBase,
  { userId, erasedAt }: { userId: string; erasedAt: Date },
): Promise<number> {
  const { rowCount } = await client.query({
    // An LMS's table may lack created_at.
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
 * Finds who of the users in the database is meant by the SHA-256 of their id.
 * Every id is hashed, so it takes a scan of `users` and of what was moved aside, and a look at each different user of the
 * dialogues.
 * @param hashes lower-case hexadecimal
 * @returns ids by hash, of those who are there
 */
async function findErasedUsers(pool: Pool, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ id: string; hash: string }>({
    text: `
      with recursive asker as (
        (select user_id from ai_dialogue_log order by user_id limit 1)
        union all
        select (select user_id from ai_dialogue_log where user_id > asker.user_id order by user_id limit 1)
        from asker where asker.user_id is not null
      ), known as (
        select id from users union select user_id from asker where user_id is not null
        union select user_id from orphaned_dialogue
      ), hashed as (
        select id, encode(sha256(uuid_send(id)), 'hex') as hash from known
      )
      select id, hash from hashed where hash = any($1)`,
    values: [hashes],
  });
  return new Map(rows.map(({ id, hash }) => [hash, id]));
}

/**
 * Holds a user's row until the transaction ends: what is being recorded of them is seen then, and nothing is recorded meanwhile.
 * @throws SQLSTATE 55P03 when some other program holds the row for seconds: the recorder waits behind us
 */
async function lockUser(client: ClientBase, userId: string): Promise<void> {
  await client.query(`set local lock_timeout = '3s'`);
  await client.query({ text: 'select from users where id = $1 for update', values: [userId] });
}

export type ReplayedErasure = {
  /**
   * - `there`: the chain had the receipt, and nothing of its erasure had come back.
   * - `put_back`: the receipt stands where it stood before.
   * - `stood_for`: another receipt stands for it, because its place is taken or its rows had come back alone.
   */
  readonly receipt: 'there' | 'put_back' | 'stood_for';
  /** What was erased now. */
  readonly counts: ErasedCounts;
  /** A user whose row in `users` was to go and stays. */
  readonly accountKept: string | null;
};

const nothing: ErasedCounts = { ai_dialogue_log: 0, provenance: 0, relevance_judging: 0, idempotency_key: 0, users: 0 };

/**
 * Erases again what a restored backup has brought back, and puts back the receipts that it lacks.
 * First all fences, so that nothing comes back behind us; then each erasure in a transaction of its own, in the order given.
 * Told twice, or told again after it broke off, it does what is left to do.
 * @param erasures by the number of their receipts, ascending, each once
 * @throws {Error} before anything is changed, where list and chain tell a receipt differently
 */
export async function* replayErasures(pool: Pool, erasures: readonly Erasure[]): AsyncGenerator<ReplayedErasure> {
  const receipts = erasures.map(({ receipt }) => receipt);
  const [disputed] = await findDisputedReceipts(pool, receipts);
  if (disputed !== undefined) {
    throw new Error(`receipt ${disputed} is another in the database: one of both was altered; nothing was changed`);
  }
  await keepErasureFences(
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

type Given = {
  readonly userId: string | null;
  /** Whether rows of `users` may be deleted. */
  readonly accounts: boolean;
};

async function replay(pool: Pool, erasure: Erasure, given: Given): Promise<ReplayedErasure> {
  try {
    return await inTransaction(pool, (client) => eraseAgain(client, erasure, given));
  } catch (error) {
    if (!given.accounts || !isHeldByOthers(error)) throw error;
    return await inTransaction(pool, (client) => eraseAgain(client, erasure, { ...given, accounts: false }));
  }
}

async function eraseAgain(
  client: ClientBase,
  { id, userSha256, askedUntil, receipt }: Erasure,
  { userId, accounts }: Given,
): Promise<ReplayedErasure> {
  const original = receipt.replays ?? receipt;
  const there = await findReceipt(client, [receipt.id, original.id]);
  let counts = nothing;
  let accountKept: string | null = null;
  if (userId !== null) {
    await lockUser(client, userId);
    const rows = await deleteUserRows(client, userId, askedUntil);
    // With its receipt in the chain the account went before the backup was taken, and was made again on purpose.
    const wanted = receipt.account && there === null;
    const deleted = wanted && accounts ? await deleteRestoredUser(client, { userId, erasedAt: askedUntil }) : 0;
    counts = { ...rows, users: deleted };
    if (wanted && deleted === 0) accountKept = userId;
  }
  const standing = await stand();
  await keepErasureFences(client, [{ id, userSha256, askedUntil, receiptId: standing.id }]);
  return { receipt: standing.as, counts, accountKept };

  async function stand(): Promise<{ id: string; as: ReplayedErasure['receipt'] }> {
    const erased = Object.values(counts).some((count) => count > 0);
    if (there !== null && !erased) return { id: there, as: 'there' };
    const head = await lockChainHead(client);
    const fits = receipt.number === head.receipts + 1 && receipt.previousHash === head.hash;
    if (there === null && fits) {
      const { hash } = await replayReceipt(client, { ...receipt, replays: receipt.replays });
      if (hash !== receipt.hash)
        throw new Error(`receipt ${receipt.number} of the list was altered: its hash is another`);
      return { id: receipt.id, as: 'put_back' };
    }
    const { account } = receipt;
    const replays = { id: original.id, hash: original.hash };
    const { id } = await replayReceipt(client, { id: null, erasedAt: null, account, counts, replays });
    return { id: there ?? id, as: 'stood_for' };
  }
}
