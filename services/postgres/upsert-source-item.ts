/** Keeps which version of a source's item was taken in, as which content. */
import type { ClientBase, Pool } from 'pg';
import type { ContentDocument, ContentType } from '../provenance/content.ts';

/** In the transaction of its content, so that a sync that was killed finds what it has done. */
export async function upsertSourceItem(
  db: Pool | ClientBase,
  { origin, publishedAt }: Pick<ContentDocument, 'origin' | 'publishedAt'>,
  { contentId, contentType }: { contentId: string; contentType: ContentType },
): Promise<void> {
  await db.query({
    name: 'upsert-source-item',
    text: `
      insert into source_item (source, key, stamp, content_id, content_type, published_at, taken_at)
      values ($1, $2, $3, $4, $5, $6, now())
      on conflict (source, key) do update set
        stamp = excluded.stamp, content_id = excluded.content_id, content_type = excluded.content_type,
        published_at = excluded.published_at, taken_at = now(), checked_at = now(), gone_at = null, failures = 0,
        failure = null, failed_stamp = null, failed_item = null, retry_at = null`,
    values: [origin.source, origin.key, origin.stamp, contentId, contentType, publishedAt],
  });
}
