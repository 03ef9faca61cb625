/** Notes with which receipt an erasure was done: it is told again to a backup that is restored. */
import type { ClientBase } from 'pg';

/** @param done.id of its fence */
export async function markErasureDone(
  client: ClientBase,
  { id, receiptId }: { id: string; receiptId: string },
): Promise<void> {
  await client.query({ text: 'update erasure_fence set receipt_id = $2 where id = $1', values: [id, receiptId] });
}
