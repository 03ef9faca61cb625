/** Checks that no receipt of an erasure was altered, added or removed. */
import type { ClientBase, Pool } from 'pg';
import { readChainHead } from './read-chain-head.ts';
import { readInPages } from './read-in-pages.ts';
import { type ChainHead, findBreak, type Receipt } from './receipt-chain.ts';
import { inSnapshot } from './snapshot.ts';

export type Verified = {
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
  for await (const page of readInPages<Receipt>(client, statement)) yield* page;
}

const statement = `
  select number, id, erased_at as "erasedAt", account, counts, previous_hash as "previousHash", hash
  from erasure_receipt order by number`;
