/** Reads which items of a source have been seen. */
import type { Pool } from 'pg';
import type { KnownItem } from '../provenance/source.ts';

export async function readKnownItems(pool: Pool, source: string): Promise<readonly KnownItem[]> {
  const { rows } = await pool.query<KnownItem>({
    name: 'known-source-items',
    text: `
      select key, stamp, content_id is not null and gone_at is null as "hasContent", published_at as "publishedAt",
        checked_at as "checkedAt", gone_at as "goneAt"
      from source_item where source = $1`,
    values: [source],
  });
  return rows;
}
