/** Reads where the chain of receipts ends, and lets nobody else add one until the transaction ends. */
import type { ClientBase } from 'pg';
import type { ChainHead } from './receipt-chain.ts';

/** @throws {Error} where the row is gone */
export async function lockChainHead(client: ClientBase): Promise<ChainHead> {
  const { rows } = await client.query<ChainHead>('select receipts, hash from erasure_chain for update');
  const [head] = rows;
  if (head === undefined) throw new Error('erasure_chain has no row; run `cli -- verify-receipts` for details');
  return head;
}
