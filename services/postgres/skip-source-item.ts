/** Keeps that a version of a source's item gives nothing to take in. */
import type { Pool } from 'pg';
import { storable } from './storable-text.ts';

/** @param given.reason why it cannot be read, without its text; null: it was read and holds none */
export async function skipSourceItem(
  pool: Pool,
  { source, key, stamp, reason }: { source: string; key: string; stamp: string | null; reason: string | null },
): Promise<void> {
  await pool.query({
    name: 'skip-source-item',
    text: `
      insert into source_item (source, key, stamp, failures, failure) values ($1, $2, $3, ($4::text is not null)::integer, $4)
      on conflict (source, key) do update set
        stamp = excluded.stamp, content_id = null, content_type = null, checked_at = now(), gone_at = null,
        failures = excluded.failures, failure = excluded.failure, failed_stamp = null, failed_item = null,
        retry_at = null`,
    values: [source, key, stamp, reason === null ? null : storable(reason).slice(0, 500)],
  });
}
