/** Reads the receipts of a user's erasures, for as long as the SHA-256 of their id is kept beside them. */
import type { Pool } from 'pg';
import type { Receipt } from './receipt-chain.ts';
import { type ReceiptRow, receiptColumns, receiptOf } from './receipt-row.ts';

/** @returns oldest first */
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
