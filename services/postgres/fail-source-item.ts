/** Keeps why an item of a source could not be taken in, and when it is tried again. */
import type { Pool } from 'pg';
import type { Failure } from '../provenance/source.ts';
import { storable } from './storable-text.ts';

/** One that was gone is there again; what was here of it then is not. */

export async function failSourceItem(
  pool: Pool,
  { source, key, failure }: { source: string; key: string; failure: Failure },
): Promise<void> {
  const { reason, failures, retry } = failure;
  await pool.query({
    name: 'fail-source-item',
    text: `
      insert into source_item (source, key, failures, failure, failed_stamp, failed_item, retry_at)
      values ($1, $2, $3, $4, $5, $6, now() + $7::integer * interval '1 millisecond')
      on conflict (source, key) do update set
        failures = excluded.failures, failure = excluded.failure, checked_at = now(),
        failed_stamp = excluded.failed_stamp, failed_item = excluded.failed_item, retry_at = excluded.retry_at,
        content_id = case when source_item.gone_at is null then source_item.content_id end,
        content_type = case when source_item.gone_at is null then source_item.content_type end, gone_at = null`,
    values: [
      source,
      key,
      failures,
      storable(reason).slice(0, 500),
      retry?.stamp ?? null,
      retry?.item ?? null,
      retry?.inMs ?? null,
    ],
  });
}
