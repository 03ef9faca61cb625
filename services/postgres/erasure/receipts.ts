/** Statements on the erasure receipts, the append-only audit log of erasures. */
import type { ClientBase, Pool } from 'pg';
import type { ChainHead, ErasedCounts, Receipt } from './receipt-chain.ts';

/** A `select` list over `erasure_receipt receipt`, named like the fields of a receipt. */
export const receiptColumns = `
  receipt.number, receipt.id, receipt.erased_at as "erasedAt", receipt.account, receipt.counts,
  receipt.previous_hash as "previousHash", receipt.hash,
  receipt.replays_id as "replaysId", receipt.replays_hash as "replaysHash"`;

export type ReceiptRow = Omit<Receipt, 'replays'> & {
  readonly replaysId: string | null;
  readonly replaysHash: string | null;
};

export function receiptOf({ number, id, erasedAt, account, counts, ...row }: ReceiptRow): Receipt {
  const { previousHash, hash, replaysId, replaysHash } = row;
  const replays = replaysId === null || replaysHash === null ? {} : { replays: { id: replaysId, hash: replaysHash } };
  return { number, id, erasedAt, account, counts, ...replays, previousHash, hash };
}

/**
 * Ends a user's erasure with its receipt, which the database numbers, chains and dates. From here on other erasures
 * wait for this transaction.
 * @param client within `asUser`
 * @param fence the id of the erasure's fence, which has no receipt yet
 * @throws SQLSTATE 42501 if the user has no such fence
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
  if (row === undefined) throw new Error('no receipt was returned');
  return receiptOf(row);
}

/**
 * Finds receipts that differ between the database and a list of erasures.
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
 * Finds an erasure's receipt in the chain: the original, or the one that replaced it after a restore.
 * @returns its id; null: none
 */
export async function findReceipt(client: ClientBase, ids: readonly string[]): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>({
    text: 'select id from erasure_receipt where id = any($1) or replays_id = any($1) order by number limit 1',
    values: [ids],
  });
  return rows[0]?.id ?? null;
}

/**
 * Reads the receipts of a user's erasures, as long as the fence with the SHA-256 of the user's id is kept.
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
 * Locks the end of the chain, so that no other receipt is added until the transaction ends.
 * @throws {Error} if its row is missing
 */
export async function lockChainHead(client: ClientBase): Promise<ChainHead> {
  const { rows } = await client.query<ChainHead>('select receipts, hash from erasure_chain for update');
  const [head] = rows;
  if (head === undefined) throw new Error('the row of erasure_chain is missing; run `cli -- verify-receipts`');
  return head;
}

/** Reads the end of the chain; null: the row is missing, which indicates tampering. */
export async function readChainHead(client: ClientBase): Promise<ChainHead | null> {
  const { rows } = await client.query<ChainHead>('select receipts, hash from erasure_chain');
  return rows[0] ?? null;
}

/**
 * Appends the receipt of a repeated erasure; the database numbers and chains it. Only the owner may do this.
 * @param receipt its `id` and `erasedAt` are those of a restored receipt; null: a new one, dated now
 */
export async function replayReceipt(
  db: Pool | ClientBase,
  receipt: {
    readonly id: string | null;
    readonly erasedAt: Date | null;
    readonly account: boolean;
    readonly counts: ErasedCounts;
    readonly replays: Receipt['replays'];
  },
): Promise<Receipt> {
  const { id, erasedAt, account, counts, replays } = receipt;
  const { rows } = await db.query<ReceiptRow>({
    text: `select ${receiptColumns} from rag_add_receipt($1, $2, $3, $4, $5, $6) receipt`,
    values: [id, erasedAt, account, JSON.stringify(counts), replays?.id ?? null, replays?.hash ?? null],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('no receipt was returned');
  return receiptOf(row);
}
