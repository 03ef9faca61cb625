/** Builds a receipt like the database does, for chains outside of a database. */
import { type Receipt, type ReceiptContent, receiptHash } from '../../../services/postgres/erasure/receipt-chain.ts';

export function sealReceipt(facts: ReceiptContent, previousHash: string): Receipt {
  return { ...facts, previousHash, hash: receiptHash(facts, previousHash) };
}
