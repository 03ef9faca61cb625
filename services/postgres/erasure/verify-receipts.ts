/** Checks that no erasure receipt was altered, added or removed. */
import type { ClientBase, Pool } from 'pg';
import { inSnapshot, readInPages } from '../client/paging.ts';
import { type ChainHead, findChainFault, type Receipt } from './receipt-chain.ts';
import { type ReceiptRow, readChainHead, receiptColumns, receiptOf } from './receipts.ts';

type Verified = {
  /** Null: the chain is intact. */
  readonly fault: string | null;
  readonly head: ChainHead | null;
};

/** Verifies one snapshot of the chain. */
export async function verifyReceipts(pool: Pool): Promise<Verified> {
  for await (const verified of inSnapshot(pool, verify)) return verified;
  throw new Error('the verification returned no result');
}

async function* verify(client: ClientBase): AsyncGenerator<Verified> {
  const head = await readChainHead(client);
  yield { fault: await findChainFault(receipts(client), head), head };
}

async function* receipts(client: ClientBase): AsyncGenerator<Receipt> {
  for await (const page of readInPages<ReceiptRow>(client, statement)) yield* page.map(receiptOf);
}

const statement = `select ${receiptColumns} from erasure_receipt receipt order by number`;
