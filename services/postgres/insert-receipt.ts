/** Adds a receipt to the end of the chain, whose head the caller has locked. */
import type { ClientBase } from 'pg';
import type { Receipt } from './receipt-chain.ts';

export async function insertReceipt(client: ClientBase, receipt: Receipt): Promise<void> {
  const { number, id, erasedAt, account, counts, previousHash, hash, replays } = receipt;
  await client.query({
    text: `
      with head as (update erasure_chain set receipts = $1, hash = $7)
      insert into erasure_receipt (number, id, erased_at, account, counts, previous_hash, hash, replays_id, replays_hash)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      number,
      id,
      erasedAt,
      account,
      JSON.stringify(counts),
      previousHash,
      hash,
      replays?.id ?? null,
      replays?.hash ?? null,
    ],
  });
}
