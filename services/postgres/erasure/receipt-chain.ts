/** Erasure receipts, and the hash chain that makes changes to them evident. */
import { createHash } from 'node:crypto';

/** Erased rows by table. */
export type ErasedCounts = {
  readonly ai_dialogue_log: number;
  readonly provenance: number;
  readonly relevance_judging: number;
  readonly idempotency_key: number;
  readonly users: number;
};

export type ReceiptContent = {
  /** Random, unrelated to the user. */
  readonly id: string;
  /** From 1, without gaps. */
  readonly number: number;
  /** To the millisecond. */
  readonly erasedAt: Date;
  /** Whether the row in `users` was deleted too. */
  readonly account: boolean;
  readonly counts: ErasedCounts;
  /** The receipt that this one replaces: a restored backup lacked it, and its number was taken. */
  readonly replays?: { readonly id: string; readonly hash: string } | undefined;
};

export type Receipt = ReceiptContent & {
  /** Both hashes are SHA-256 in lower-case hexadecimal. */
  readonly previousHash: string;
  readonly hash: string;
};

/** The length of the chain and the hash of its last receipt. */
export type ChainHead = { readonly receipts: number; readonly hash: string };

/** The predecessor of the first receipt. */
export const emptyChain: ChainHead = { receipts: 0, hash: '0'.repeat(64) };

/**
 * SHA-256 of the previous hash, a line break and the receipt as JSON without spaces, with fields and counts sorted by
 * name.
 */
export function receiptHash(receipt: ReceiptContent, previousHash: string): string {
  const { account, counts, erasedAt, id, number } = receipt;
  const sorted = Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
  const replays = receipt.replays ? { replays: { hash: receipt.replays.hash, id: receipt.replays.id } } : {};
  const canonical = JSON.stringify({
    account,
    counts: sorted,
    erasedAt: erasedAt.toISOString(),
    id,
    number,
    ...replays,
  });
  return createHash('sha256').update(`${previousHash}\n${canonical}`).digest('hex');
}

/**
 * Finds the first receipt that breaks the chain.
 * @param receipts by number, ascending
 * @param head null: its row is missing
 * @returns the fault; null: the chain is intact
 */
export async function findChainFault(
  receipts: AsyncIterable<Receipt> | Iterable<Receipt>,
  head: ChainHead | null,
): Promise<string | null> {
  let last = emptyChain;
  for await (const receipt of receipts) {
    const name = `receipt ${receipt.number} (${receipt.id})`;
    const next = last.receipts + 1;
    if (receipt.number > next) return `receipt ${next} is missing; ${name} follows instead`;
    if (receipt.number < next) return `${name} was added`;
    if (receipt.hash !== receiptHash(receipt, receipt.previousHash))
      return `${name} was altered: its hash does not match`;
    if (receipt.previousHash !== last.hash)
      return `${name} does not follow the previous receipt: one of the two was replaced`;
    last = { receipts: next, hash: receipt.hash };
  }
  if (head === null) return 'the row of erasure_chain, which records the end of the chain, is missing';
  if (head.receipts > last.receipts)
    return `receipt ${last.receipts + 1} is missing; the chain has ${head.receipts} receipts`;
  if (head.receipts < last.receipts) return `receipt ${head.receipts + 1} was added after the end of the chain`;
  if (head.hash !== last.hash) return `receipt ${last.receipts} was replaced: the chain ends with a different hash`;
  return null;
}
