/** Reads which items of a source wait to be tried again. */
import type { Pool } from 'pg';
import type { FailingItem } from '../provenance/source.ts';

export async function readFailingItems(pool: Pool, source: string): Promise<readonly FailingItem[]> {
  const { rows } = await pool.query<FailingItem>({
    name: 'failing-source-items',
    text: `
      select key, failed_stamp as stamp, failures, retry_at <= now() as due
      from source_item where source = $1 and failed_stamp is not null`,
    values: [source],
  });
  return rows;
}
