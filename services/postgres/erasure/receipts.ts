/** Statements of the erasure receipts, the append-only audit log of erasures. */
import type { ClientBase, Pool } from 'pg';
import type { ChainHead, ErasedCounts, Receipt } from './receipt-chain.ts';

/** Columns of `erasure_receipt receipt`, named as a receipt's fields are. */
export const receiptColumns = `
  receipt.number, receipt.id, receipt.erased_at as "erasedAt", receipt.account, receipt.counts,
  receipt.previous_hash as "previousHash", receipt.hash,
  receipt.replays_id as "replaysId", receipt.replays_hash as "replaysHash"`;

export type ReceiptRow = Omit<Receipt, 'replays'> & {
  readonly replaysId: string | null;
  readonly replaysHash: string | null;
};

/** How a receipt is read from its table. */
export function receiptOf({ number, id, erasedAt, account, counts, ...row }: ReceiptRow): Receipt {
  const { previousHash, hash, replaysId, replaysHash } = row;
  const replays = replaysId === null || replaysHash === null ? {} : { replays: { id: replaysId, hash: replaysHash } };
  return { number, id, erasedAt, account, counts, ...replays, previousHash, hash };
}

/**
 * Ends an erasure of the asker with its receipt, which the database numbers, chains and dates.
 * Other erasures wait for this transaction from here on.
 * @param client within `asUser`
 * @param done.fence the id of the erasure's fence, which has no receipt yet
 * @throws SQLSTATE 42501 where the asker has no such fence
 */
export async function appendReceipt(
  client: ClientBase,
  { fence, account, counts }: { fence: string; account: boolean; counts: ErasedCounts },
): Promise<Receipt> {
  const { rows } = await client.query<ReceiptRow>({
    text: `select ${receiptColumns} from rag_append_receipt($1, $2, $3) receipt`,
    values: [fence, account, JSON.stringify(counts)],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a receipt is given back');
  return receiptOf(row);
}

/**
 * Finds receipts that the database and a list of erasures both have, and tell differently.
 * @returns their numbers in the list, ascending
 */
export async function findDisputedReceipts(
  pool: Pool,
  listed: readonly { readonly id: string; readonly number: number; readonly hash: string }[],
): Promise<readonly number[]> {
  const { rows } = await pool.query<{ number: number }>({
    text: `
      select listed.number
      from unnest($1::uuid[], $2::bigint[], $3::text[]) as listed (id, number, hash)
      join erasure_receipt receipt on receipt.id = listed.id
      where receipt.hash <> listed.hash
      order by 1`,
    values: [listed.map(({ id }) => id), listed.map(({ number }) => number), listed.map(({ hash }) => hash)],
  });
  return rows.map(({ number }) => number);
}

/**
 * Finds the receipt of an erasure in the chain: itself, or the one that stands for it since a backup was restored.
 * @returns its id; null where there is none
 */
export async function findReceipt(client: ClientBase, ids: readonly string[]): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>({
    text: 'select id from erasure_receipt where id = any($1) or replays_id = any($1) order by number limit 1',
    values: [ids],
  });
  return rows[0]?.id ?? null;
}

/**
 * Reads the receipts of a user's erasures, for as long as the SHA-256 of their id is kept beside them.
 * @returns oldest first
 */
export async function readKnownErasures(pool: Pool, userId: string): Promise<readonly Receipt[]> {
  const { rows } = await pool.query<ReceiptRow>({
    text: `
      select ${receiptColumns}
      from erasure_fence fence join erasure_receipt receipt on receipt.id = fence.receipt_id
      where fence.user_sha256 = sha256(uuid_send($1::uuid))
      order by receipt.number`,
    values: [userId],
  });
  return rows.map(receiptOf);
}

/**
 * Reads where the chain of receipts ends, and lets nobody else add one until the transaction ends.
 * @throws {Error} where the row is gone
 */
export async function lockChainHead(client: ClientBase): Promise<ChainHead> {
  const { rows } = await client.query<ChainHead>('select receipts, hash from erasure_chain for update');
  const [head] = rows;
  if (head === undefined) throw new Error('erasure_chain has no row; run `cli -- verify-receipts` for details');
  return head;
}

/**
 * Reads where the chain of receipts ends.
 * Null: the row is gone, which only tampering does.
 */
export async function readChainHead(client: ClientBase): Promise<ChainHead | null> {
  const { rows } = await client.query<ChainHead>('select receipts, hash from erasure_chain');
  return rows[0] ?? null;
}

/**
 * Adds a receipt of an erasure that is done again to the end of the chain.
 * The owner's alone. The database numbers and chains it.
 * @param facts.id and facts.erasedAt of a receipt that is put back; null: a new one, of this moment
 */
export async function replayReceipt(
  db: Pool | ClientBase,
  facts: {
    readonly id: string | null;
    readonly erasedAt: Date | null;
    readonly account: boolean;
    readonly counts: ErasedCounts;
    readonly replays: Receipt['replays'];
  },
): Promise<Receipt> {
  const { id, erasedAt, account, counts, replays } = facts;
  const { rows } = await db.query<ReceiptRow>({
    text: `select ${receiptColumns} from rag_add_receipt($1, $2, $3, $4, $5, $6) receipt`,
    values: [id, erasedAt, account, JSON.stringify(counts), replays?.id ?? null, replays?.hash ?? null],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a receipt is given back');
  return receiptOf(row);
}
