/** Reads what is kept of an item that failed: one at a time, because it may be as large as an article. */
import type { Pool } from 'pg';

/** As its source told of it; null: nothing is kept of it any more. */
export async function readFailedItem(pool: Pool, { source, key }: { source: string; key: string }): Promise<unknown> {
  const { rows } = await pool.query<{ item: unknown }>({
    name: 'failed-source-item',
    text: 'select failed_item as item from source_item where source = $1 and key = $2',
    values: [source, key],
  });
  return rows[0]?.item ?? null;
}
