/** Finds receipts that the database and a list of erasures both have, and tell differently. */
import type { Pool } from 'pg';

/** @returns their numbers in the list, ascending */
export async function findDisputedReceipts(
  pool: Pool,
  listed: readonly { readonly id: string; readonly number: number; readonly hash: string }[],
): Promise<readonly number[]> {
  const { rows } = await pool.query<{ number: number }>({
    text: `
      select listed.number
      from unnest($1::uuid[], $2::bigint[], $3::text[]) as listed (id, number, hash)
      join erasure_receipt receipt on receipt.id = listed.id
      where receipt.hash <> listed.hash
      order by 1`,
    values: [listed.map(({ id }) => id), listed.map(({ number }) => number), listed.map(({ hash }) => hash)],
  });
  return rows.map(({ number }) => number);
}
