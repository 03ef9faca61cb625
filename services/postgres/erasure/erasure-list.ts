/** Lists erasures for replay after a restore. */
import type { ClientBase, Pool } from 'pg';
import { inSnapshot, readInPages } from '../client/paging.ts';
import type { Receipt } from './receipt-chain.ts';
import { type ReceiptRow, receiptColumns, receiptOf } from './receipts.ts';

/** A completed erasure, as exported to be replayed after a restore. */
export type Erasure = {
  /** The random id of its fence. */
  readonly id: string;
  /** SHA-256 of the 16 bytes of the user's id, lower-case hexadecimal. */
  readonly userSha256: string;
  /** Later turns of the user were not erased. */
  readonly askedUntil: Date;
  readonly receipt: Receipt;
};

/**
 * Reads erasures in the order of their receipts.
 * @param since only those completed at that time or later
 */
export function listErasures(pool: Pool, since: Date | '-infinity'): AsyncGenerator<readonly Erasure[]> {
  return inSnapshot(pool, (client) => read(client, since));
}

type Row = ReceiptRow & { readonly fenceId: string; readonly userSha256: string; readonly askedUntil: Date };

async function* read(client: ClientBase, since: Date | '-infinity'): AsyncGenerator<readonly Erasure[]> {
  for await (const page of readInPages<Row>(client, statement, [since])) {
    yield page.map(({ fenceId, userSha256, askedUntil, ...receipt }) => ({
      id: fenceId,
      userSha256,
      askedUntil,
      receipt: receiptOf(receipt),
    }));
  }
}

const statement = `
  select
    fence.id as "fenceId", encode(fence.user_sha256, 'hex') as "userSha256", fence.asked_until as "askedUntil",
    ${receiptColumns}
  from erasure_fence fence
  join erasure_receipt receipt on receipt.id = fence.receipt_id
  where receipt.erased_at >= $1
  order by receipt.number`;
