/** Reads where the chain of receipts ends. */
import type { ClientBase } from 'pg';
import type { ChainHead } from './receipt-chain.ts';

/** Null: the row is gone, which only tampering does. */
export async function readChainHead(client: ClientBase): Promise<ChainHead | null> {
  const { rows } = await client.query<ChainHead>('select receipts, hash from erasure_chain');
  return rows[0] ?? null;
}
