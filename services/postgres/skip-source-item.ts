/** Keeps that a version of a source's item was read and holds nothing to take in. */
import type { Pool } from 'pg';

export async function skipSourceItem(
  pool: Pool,
  { source, key, stamp }: { source: string; key: string; stamp: string | null },
): Promise<void> {
  await pool.query({
    name: 'skip-source-item',
    text: `
      insert into source_item (source, key, stamp) values ($1, $2, $3)
      on conflict (source, key) do update set
        stamp = excluded.stamp, content_id = null, content_type = null, checked_at = now(), gone_at = null, failures = 0,
        failure = null`,
    values: [source, key, stamp],
  });
}
