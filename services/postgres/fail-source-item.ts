/** Keeps why an item of a source could not be taken in. */
import type { Pool } from 'pg';

/** @param given.reason without the item's text */
export async function failSourceItem(
  pool: Pool,
  { source, key, reason }: { source: string; key: string; reason: string },
): Promise<void> {
  await pool.query({
    name: 'fail-source-item',
    text: `
      insert into source_item (source, key, failures, failure) values ($1, $2, 1, $3)
      on conflict (source, key) do update set
        failures = source_item.failures + 1, failure = excluded.failure, checked_at = now()`,
    values: [source, key, reason.slice(0, 500)],
  });
}
