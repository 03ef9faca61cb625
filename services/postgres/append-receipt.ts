/** Ends an erasure of the asker with its receipt, which the database numbers, chains and dates. */
import type { ClientBase } from 'pg';
import type { ErasedCounts, Receipt } from './receipt-chain.ts';
import { type ReceiptRow, receiptColumns, receiptOf } from './receipt-row.ts';

/**
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
