/** Checks that no receipt of an erasure was altered, added or removed. */
import type { ClientBase, Pool } from 'pg';
import { inSnapshot, readInPages } from '../client/paging.ts';
import { type ChainHead, findBreak, type Receipt } from './receipt-chain.ts';
import { type ReceiptRow, readChainHead, receiptColumns, receiptOf } from './receipts.ts';

type Verified = {
  /** Null: the chain holds. */
  readonly fault: string | null;
  readonly head: ChainHead | null;
};

/** Receipts that are added meanwhile are not looked at. */
export async function verifyReceipts(pool: Pool): Promise<Verified> {
  for await (const verified of inSnapshot(pool, verify)) return verified;
  throw new Error('a verification ends with a result');
}

async function* verify(client: ClientBase): AsyncGenerator<Verified> {
  const head = await readChainHead(client);
  yield { fault: await findBreak(receipts(client), head), head };
}

async function* receipts(client: ClientBase): AsyncGenerator<Receipt> {
  for await (const page of readInPages<ReceiptRow>(client, statement)) yield* page.map(receiptOf);
}

const statement = `select ${receiptColumns} from erasure_receipt receipt order by number`;
