/** Finds the receipt of an erasure in the chain: itself, or the one that stands for it since a backup was restored. */
import type { ClientBase } from 'pg';

/** @returns its id; null where there is none */
export async function findReceipt(client: ClientBase, ids: readonly string[]): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>({
    text: 'select id from erasure_receipt where id = any($1) or replays_id = any($1) order by number limit 1',
    values: [ids],
  });
  return rows[0]?.id ?? null;
}
