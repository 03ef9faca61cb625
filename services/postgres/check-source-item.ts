/** Keeps that an item of a source was looked for and is there, as far as is known. */
import type { Pool } from 'pg';

export async function checkSourceItem(pool: Pool, { source, key }: { source: string; key: string }): Promise<void> {
  await pool.query({
    name: 'check-source-item',
    text: 'update source_item set checked_at = now() where source = $1 and key = $2',
    values: [source, key],
  });
}
