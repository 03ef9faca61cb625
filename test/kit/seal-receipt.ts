/** Makes a receipt as the database does, for chains that were never in one. */
import { type Receipt, type ReceiptContent, receiptHash } from '../../services/postgres/erasure/receipt-chain.ts';

export function sealReceipt(facts: ReceiptContent, previousHash: string): Receipt {
  return { ...facts, previousHash, hash: receiptHash(facts, previousHash) };
}
