/** How a receipt is read from its table. */
import type { Receipt } from './receipt-chain.ts';

/** Columns of `erasure_receipt receipt`, named as a receipt's fields are. */
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
