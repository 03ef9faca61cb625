/** Reads the erasures that a backup from before them would undo, in the order of their receipts. */
import type { ClientBase, Pool } from 'pg';
import type { Erasure } from './erasure.ts';
import { readInPages } from './read-in-pages.ts';
import { type ReceiptRow, receiptColumns, receiptOf } from './receipt-row.ts';
import { inSnapshot } from './snapshot.ts';

/** @param since done at that time or later */
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
