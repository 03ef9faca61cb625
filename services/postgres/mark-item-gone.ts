/** Keeps that an item was deleted at its source. */
import type { ClientBase } from 'pg';

export async function markItemGone(
  client: ClientBase,
  { source, key }: { source: string; key: string },
): Promise<void> {
  await client.query({
    name: 'mark-item-gone',
    text: `
      update source_item set gone_at = now(), stamp = null, failures = 0, failure = null, failed_stamp = null,
        failed_item = null, retry_at = null
      where source = $1 and key = $2`,
    values: [source, key],
  });
}
