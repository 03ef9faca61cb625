/** Locks what is kept of an item of a source, and finds the current version of its content. */
import type { ClientBase } from 'pg';
import type { ContentType } from '../provenance/content.ts';

export type LockedItem = {
  /** Null: nothing of it was taken in. */
  readonly contentId: string | null;
  readonly contentType: ContentType | null;
  /** Null: its content is not here any more, or other items hold it too. */
  readonly provenanceId: string | null;
};

/** Call it under `lockPassageCorpus`. Null: it is not known, or was found gone before. */
export async function lockSourceItem(
  client: ClientBase,
  { source, key }: { source: string; key: string },
): Promise<LockedItem | null> {
  const { rows } = await client.query<LockedItem>({
    name: 'lock-source-item',
    text: `
      select content_id as "contentId", content_type as "contentType", (
        select id from provenance
        where provenance.content_id = source_item.content_id and provenance.content_type = source_item.content_type
          and provenance.content_type <> 'ai_response' and superseded_at is null and removed_at is null
          and provenance.source = source_item.source
          and not exists (
            select from source_item as other
            where other.source = source_item.source and other.key <> source_item.key and other.gone_at is null
              and other.content_id = source_item.content_id and other.content_type = source_item.content_type
          )
      ) as "provenanceId"
      from source_item where source = $1 and key = $2 and gone_at is null
      for update`,
    values: [source, key],
  });
  return rows[0] ?? null;
}
