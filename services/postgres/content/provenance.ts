/** Statements on a document's provenance row: look up, insert, supersede. */
import type { ClientBase, Pool } from 'pg';
import type { ContentDocument } from '../../provenance/content.ts';
import { type VerificationStatus, verificationStatus } from '../../provenance/verification.ts';
import { materialsAreOurs } from './materials.ts';

/**
 * The document's hash and rights, in the order of the statements that compare and insert them.
 * @returns hash_sha256, license_type, rights_holder, permission_flag, external_share_consent, retention_years,
 *   access_policy, acquisition_method, acquired_at
 */
function hashAndRights(document: ContentDocument): readonly unknown[] {
  return [
    document.sha256,
    document.license,
    document.rightsHolder,
    document.permission ?? false,
    document.externalShareConsent ?? false,
    document.retentionYears,
    document.accessPolicy === null ? null : JSON.stringify(document.accessPolicy),
    document.acquisitionMethod,
    document.acquiredAt,
  ];
}

export type CurrentContent = {
  readonly provenanceId: string;
  readonly contentId: string;
  /** The source it was ingested from; null: the row was written by another program. */
  readonly source: string | null;
  readonly unchanged: boolean;
  readonly sha256: string | null;
  readonly acquiredAt: Date;
};

/**
 * Reads the current version stored under the document's URI and type; null: none. `unchanged` means the same hash,
 * title, publication date, rights and material, and not removed.
 */
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
        -- The first passage holds the document's title.
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

/** Whether any content was ever ingested, including content removed since. */
export async function hasContent(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    "select exists (select from provenance where content_type <> 'ai_response') as found",
  );
  return rows[0]?.found === true;
}

/** Whether the sample documents are stored and no other document ever was. */
export async function hasOnlySamples(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(`
    select
      exists (select from provenance where content_type <> 'ai_response' and source_uri like 'samples/%')
      and not exists (
        select from provenance where content_type <> 'ai_response' and (source_uri like 'samples/%') is not true
      )
        as found`);
  return rows[0]?.found === true;
}

/** Inserts a document's origin and rights. */
export async function insertProvenance(
  client: ClientBase,
  contentId: string,
  document: ContentDocument,
): Promise<void> {
  await client.query({
    name: 'insert-provenance',
    text: `
      insert into provenance (
        content_id, content_type, source_uri, hash_sha256, license_type, rights_holder, permission_flag,
        external_share_consent, retention_years, access_policy, acquisition_method, acquired_at, last_verified_at,
        verification_status, hash_c2pa, source, language, published_at
      ) values (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce($12, now()), now(), $13, $14, $15, $16, $17
      )`,
    values: [
      contentId,
      document.contentType,
      document.sourceUri,
      ...hashAndRights(document),
      ingestedStatus(document),
      document.manifest?.sha256 ?? null,
      document.origin.source,
      document.language,
      document.publishedAt,
    ],
  });
}

/** The verification status at ingestion: only the document's own C2PA manifest can contradict it. */
export function ingestedStatus({ sha256, manifest }: ContentDocument): VerificationStatus {
  return verificationStatus({ sha256, c2pa: manifest?.sha256 ?? null }, { state: 'read', sha256, manifest });
}

/** Marks a provenance row as replaced by a newer version. */
export async function supersedeProvenance(client: ClientBase, provenanceId: string): Promise<void> {
  await client.query({
    name: 'supersede-provenance',
    text: 'update provenance set superseded_at = now() where id = $1',
    values: [provenanceId],
  });
}
