/** Adds a receipt of an erasure that is done again to the end of the chain. */
import type { ClientBase, Pool } from 'pg';
import type { ErasedCounts, Receipt } from './receipt-chain.ts';
import { type ReceiptRow, receiptColumns, receiptOf } from './receipt-row.ts';

/**
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
