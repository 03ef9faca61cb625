/** Builds a receipt like the database does, for chains outside of a database. */
import { type Receipt, type ReceiptFacts, receiptHash } from '../../../services/postgres/erasure/receipt-chain.ts';

export function sealReceipt(facts: ReceiptFacts, previousHash: string): Receipt {
  return { ...facts, previousHash, hash: receiptHash(facts, previousHash) };
}
