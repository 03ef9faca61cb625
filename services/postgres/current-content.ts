/** Reads what is stored of a content: the current version's hash, rights and title. */
import type { ClientBase, Pool } from 'pg';
import type { ContentDocument } from '../provenance/content.ts';
import { hashAndRights } from './hash-and-rights.ts';
import { materialsAreOurs } from './materials-are-ours.ts';

export type CurrentContent = {
  readonly provenanceId: string;
  readonly contentId: string;
  /** The source that it came by; null: it was written by others. */
  readonly source: string | null;
  readonly unchanged: boolean;
  readonly sha256: string | null;
  readonly acquiredAt: Date;
};

/** `unchanged`: same hash, title, day of publication, rights and material, and not removed since. Null where nothing is stored under this URI and type. */
export async function currentContent(db: Pool | ClientBase, document: ContentDocument): Promise<CurrentContent | null> {
  const { rows } = await db.query<CurrentContent>({
    name: 'current-content',
    text: `
      select
        provenance.id as "provenanceId",
        content_id as "contentId",
        source,
        hash_sha256 as sha256,
        acquired_at as "acquiredAt",
        (
          hash_sha256, license_type::text, rights_holder, permission_flag, external_share_consent, retention_years,
          access_policy, acquisition_method::text
        ) is not distinct from ($3::text, $4::text, $5::text, $6::boolean, $7::boolean, $8::integer, $9::jsonb, $10::text)
        and removed_at is null
        and ($11::timestamptz is null or acquired_at = $11)
        and ($13::uuid is null or content_id = $13)
        and published_at is not distinct from $14
        -- The first passage is the content's own word for what it is called.
        and exists (
          select from passage
          where passage.content_id = provenance.content_id and passage.content_type = provenance.content_type
            and position = 0 and passage.title = $12
        )
        and (
          material_id is null or not ${materialsAreOurs}
          or exists (select from materials where id = material_id and title = $12)
        )
          as unchanged
      from provenance
      where source_uri = $1 and content_type = $2::content_type and content_type <> 'ai_response' and superseded_at is null`,
    values: [
      document.sourceUri,
      document.contentType,
      ...hashAndRights(document),
      document.title,
      document.materialId ?? null,
      document.publishedAt,
    ],
  });
  return rows[0] ?? null;
}
