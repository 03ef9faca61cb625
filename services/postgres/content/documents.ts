/** Statements of stored documents, as operators list and inspect them. */
import type { Pool } from 'pg';
import type { AccessPolicy, Passage } from '../../provenance/content.ts';
import { type License, licenses } from '../../provenance/license.ts';
import type { StoredContent } from './remove-item.ts';

export type StoredDocument = StoredContent & {
  readonly title: string | null;
  readonly sourceUri: string | null;
  readonly language: string | null;
  readonly license: License | null;
  readonly rightsHolder: string | null;
  readonly permission: boolean;
  readonly externalShareConsent: boolean;
  readonly accessPolicy: AccessPolicy | null;
  readonly acquiredAt: Date;
  readonly publishedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly verificationStatus: string | null;
  readonly sha256: string | null;
  readonly passages: number;
  /** Of the version that is stored. */
  readonly notes: readonly string[];
};

export type DocumentFilter = {
  readonly source?: string;
  /** Only documents that neither their licence nor a permission allows to use: the licences that do. */
  readonly unusableUnder?: readonly License[];
  /** Its id, its address, or the key of its item in the source. */
  readonly named?: string;
  /** The beginning of the key of its item. */
  readonly below?: string;
  readonly limit: number;
};

/** Lists the current versions that are not removed, by address. */
export async function listDocuments(pool: Pool, filter: DocumentFilter): Promise<readonly StoredDocument[]> {
  const { rows } = await pool.query<StoredDocument>({
    name: 'list-documents',
    text: `
      select
        provenance.id as "provenanceId", provenance.content_id as "contentId", provenance.content_type as "contentType",
        provenance.source, source_uri as "sourceUri", language, license_type as license, rights_holder as "rightsHolder",
        permission_flag as permission, external_share_consent as "externalShareConsent", access_policy as "accessPolicy",
        acquired_at as "acquiredAt", provenance.published_at as "publishedAt", expires_at as "expiresAt",
        verification_status as "verificationStatus", hash_sha256 as sha256,
        coalesce(item.keys, '{}') as keys, coalesce(item.notes, '[]') as notes,
        (select count(*)::integer from passage
          where passage.content_id = provenance.content_id and passage.content_type = provenance.content_type) as passages,
        (select title from passage
          where passage.content_id = provenance.content_id and passage.content_type = provenance.content_type
          order by position limit 1) as title
      from provenance
      left join lateral (
        select array_agg(key order by key) as keys, (array_agg(to_jsonb(notes)) filter (where notes is not null))[1] as notes
        from source_item
        where source_item.content_id = provenance.content_id and source_item.content_type = provenance.content_type
          and source_item.source = provenance.source and gone_at is null
      ) as item on true
      where provenance.content_type <> 'ai_response' and superseded_at is null and removed_at is null
        and ($1::text is null or provenance.source = $1)
        and ($2::text[] is null or not (permission_flag or coalesce(license_type::text = any($2), false)))
        and ($3::text is null or provenance.content_id::text = $3 or provenance.id::text = $3 or source_uri = $3 or $3 = any(item.keys))
        and ($4::text is null or exists (select from unnest(item.keys) as key where starts_with(key, $4)))
      order by source_uri, provenance.id
      limit $5`,
    values: [
      filter.source ?? null,
      filter.unusableUnder ?? null,
      filter.named ?? null,
      filter.below ?? null,
      filter.limit,
    ],
  });
  return rows;
}

/** Counts the documents of a source that neither their licence nor a permission allows to use. */
export async function countUnusable(
  pool: Pool,
  { source, usable }: { source: string; usable: readonly License[] },
): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: 'count-unusable',
    text: `
      select count(*)::integer as count from provenance
      where source = $1 and content_type <> 'ai_response' and superseded_at is null and removed_at is null
        and not (permission_flag or license_type is not null and license_type = any($2::license_type[]))`,
    values: [source, usable.filter((license) => licenses.includes(license))],
  });
  return rows[0]?.count ?? 0;
}

/** Reads the passages of a document, in order. */
export async function readPassages(
  pool: Pool,
  { contentId, contentType }: Pick<StoredContent, 'contentId' | 'contentType'>,
): Promise<readonly Passage[]> {
  const { rows } = await pool.query<Passage>({
    name: 'read-passages',
    text: `
      select position, paragraph_index as "paragraphIndex", page_number as "pageNumber", start_seconds as "startSeconds",
        title, heading, text
      from passage where content_id = $1 and content_type = $2 order by position`,
    values: [contentId, contentType],
  });
  return rows;
}

/**
 * Lets syncs ingest items again whose documents an operator removed.
 * @param key of the item, or the beginning of keys that end with a slash
 * @returns how many
 */
export async function restoreItems(pool: Pool, key: string): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'restore-items',
    text: `update source_item set excluded = false where excluded and (key = $1 or right($1, 1) = '/' and starts_with(key, $1))`,
    values: [key],
  });
  return rowCount ?? 0;
}
