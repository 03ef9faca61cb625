/** What a receipt of an erasure is, and how each is chained to the one before it. */
import { createHash } from 'node:crypto';

/** Rows erased. */
export type ErasedCounts = {
  readonly ai_dialogue_log: number;
  readonly provenance: number;
  readonly relevance_judging: number;
  readonly idempotency_key: number;
  readonly users: number;
};

export type ReceiptFacts = {
  /** Random; leads to nobody. */
  readonly id: string;
  /** From 1, without gaps. */
  readonly number: number;
  /** To the millisecond. */
  readonly erasedAt: Date;
  /** Whether the row in `users` went too. */
  readonly account: boolean;
  readonly counts: ErasedCounts;
  /** The receipt that this one stands for: a restored backup did not have it, and its place was taken. */
  readonly replays?: { readonly id: string; readonly hash: string } | undefined;
};

export type Receipt = ReceiptFacts & {
  /** Both SHA-256 in lower-case hexadecimal. */
  readonly previousHash: string;
  readonly hash: string;
};

/** How long the chain is, and the hash of its last receipt. */
export type ChainHead = { readonly receipts: number; readonly hash: string };

/** What the first receipt follows. */
export const emptyChain: ChainHead = { receipts: 0, hash: '0'.repeat(64) };

/** SHA-256 of the previous hash, a line break and the receipt as JSON without spaces, its fields and counts by name. */
export function receiptHash(facts: ReceiptFacts, previousHash: string): string {
  const { account, counts, erasedAt, id, number } = facts;
  const sorted = Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
  const replays = facts.replays ? { replays: { hash: facts.replays.hash, id: facts.replays.id } } : {};
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
 * What is wrong with the chain, of the first receipt that breaks it.
 * @param receipts by number, ascending
 * @param head null: it is gone
 * @returns null: nothing is
 */
export async function findBreak(
  receipts: AsyncIterable<Receipt> | Iterable<Receipt>,
  head: ChainHead | null,
): Promise<string | null> {
  let last = emptyChain;
  for await (const receipt of receipts) {
    const name = `receipt ${receipt.number} (${receipt.id})`;
    const next = last.receipts + 1;
    if (receipt.number > next) return `receipt ${next} is missing; ${name} comes in its place`;
    if (receipt.number < next) return `${name} was added`;
    if (receipt.hash !== receiptHash(receipt, receipt.previousHash)) return `${name} was altered: its hash is another`;
    if (receipt.previousHash !== last.hash)
      return `${name} does not follow the receipt before it: one of both was replaced`;
    last = { receipts: next, hash: receipt.hash };
  }
  if (head === null) return 'the row of erasure_chain, which tells where the chain ends, is missing';
  if (head.receipts > last.receipts) return `receipt ${last.receipts + 1} is missing; the chain has ${head.receipts}`;
  if (head.receipts < last.receipts) return `receipt ${head.receipts + 1} was added after the end of the chain`;
  if (head.hash !== last.hash) return `receipt ${last.receipts} was replaced: the chain ends with another hash`;
  return null;
}
