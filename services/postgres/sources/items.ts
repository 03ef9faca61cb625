/** Statements on the source_item table. */
import type { ClientBase, Pool } from 'pg';
import type { ContentDocument, ContentType } from '../../provenance/content.ts';
import type { Failure, KnownItem } from '../../provenance/source.ts';
import { storable } from '../client/encoding.ts';

/** Records that an item was checked and still exists at its source. */
export async function checkSourceItem(pool: Pool, { source, key }: { source: string; key: string }): Promise<void> {
  await pool.query({
    name: 'check-source-item',
    text: 'update source_item set checked_at = now() where source = $1 and key = $2',
    values: [source, key],
  });
}

/**
 * Records why an item failed and when it is retried. An item that was marked as deleted exists again, without its
 * former content.
 */
export async function failSourceItem(
  pool: Pool,
  { source, key, failure }: { source: string; key: string; failure: Failure },
): Promise<void> {
  const { reason, failures, retry } = failure;
  await pool.query({
    name: 'fail-source-item',
    text: `
      insert into source_item (source, key, failures, failure, failed_version_hash, failed_item, retry_at)
      values ($1, $2, $3, $4, $5, $6, now() + $7::integer * interval '1 millisecond')
      on conflict (source, key) do update set
        failures = excluded.failures, failure = excluded.failure, checked_at = now(),
        failed_version_hash = excluded.failed_version_hash, failed_item = excluded.failed_item, retry_at = excluded.retry_at,
        content_id = case when source_item.gone_at is null then source_item.content_id end,
        content_type = case when source_item.gone_at is null then source_item.content_type end, gone_at = null`,
    values: [
      source,
      key,
      failures,
      storable(reason).slice(0, 500),
      retry?.versionHash ?? null,
      retry?.item ?? null,
      retry?.inMs ?? null,
    ],
  });
}

/** Reads all known items of a source. */
export async function readKnownItems(pool: Pool, source: string): Promise<readonly KnownItem[]> {
  const { rows } = await pool.query<KnownItem>({
    name: 'known-source-items',
    text: `
      select key, version_hash as "versionHash", content_id is not null and gone_at is null as "hasContent", published_at as "publishedAt",
        checked_at as "checkedAt", gone_at as "goneAt", stated, excluded
      from source_item where source = $1`,
    values: [source],
  });
  return rows;
}

/** Reads the keys with a prefix whose documents are stored. */
export async function readKeysBelow(
  pool: Pool,
  { source, prefix }: { source: string; prefix: string },
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ key: string }>({
    name: 'keys-below',
    text: `
      select key from source_item
      where source = $1 and starts_with(key, $2) and content_id is not null and gone_at is null`,
    values: [source, prefix],
  });
  return rows.map(({ key }) => key);
}

type LockedItem = {
  /** Null: it has no content. */
  readonly contentId: string | null;
  readonly contentType: ContentType | null;
  /** Null: its content no longer exists, or other items share it. */
  readonly provenanceId: string | null;
};

/**
 * Locks an item and finds the current version of its content; null: unknown, or already marked as deleted. Call it
 * under `lockPassageCorpus`.
 */
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

/** Records that an item was deleted at its source. */
export async function markItemGone(
  client: ClientBase,
  { source, key, excluded = false }: { source: string; key: string; excluded?: boolean },
): Promise<void> {
  await client.query({
    name: 'mark-item-deleted',
    text: `
      update source_item set gone_at = now(), version_hash = null, failures = 0, failure = null, failed_version_hash = null,
        failed_item = null, retry_at = null, notes = null, excluded = $3
      where source = $1 and key = $2`,
    values: [source, key, excluded],
  });
}

/**
 * Records that a version of an item has no content to ingest.
 * @param version.reason why it cannot be read, without its text; null: it was read and is empty
 */
export async function skipSourceItem(
  pool: Pool,
  {
    source,
    key,
    versionHash,
    reason,
  }: { source: string; key: string; versionHash: string | null; reason: string | null },
): Promise<void> {
  await pool.query({
    name: 'skip-source-item',
    text: `
      insert into source_item (source, key, version_hash, failures, failure) values ($1, $2, $3, ($4::text is not null)::integer, $4)
      on conflict (source, key) do update set
        version_hash = excluded.version_hash, content_id = null, content_type = null, checked_at = now(), gone_at = null,
        failures = excluded.failures, failure = excluded.failure, failed_version_hash = null, failed_item = null,
        retry_at = null`,
    values: [source, key, versionHash, reason === null ? null : storable(reason).slice(0, 500)],
  });
}

/**
 * Records which version of an item was ingested, and as which content. It runs in the transaction of the content, so
 * that a killed sync resumes correctly.
 */
export async function upsertSourceItem(
  db: Pool | ClientBase,
  { origin, publishedAt, notes = [] }: Pick<ContentDocument, 'origin' | 'publishedAt' | 'notes'>,
  { contentId, contentType }: { contentId: string; contentType: ContentType },
): Promise<void> {
  await db.query({
    name: 'upsert-source-item',
    text: `
      insert into source_item (source, key, version_hash, content_id, content_type, published_at, taken_at, stated, notes)
      values ($1, $2, $3, $4, $5, $6, now(), $7, $8)
      on conflict (source, key) do update set
        version_hash = excluded.version_hash, content_id = excluded.content_id, content_type = excluded.content_type,
        published_at = excluded.published_at, taken_at = now(), checked_at = now(), gone_at = null, failures = 0,
        failure = null, failed_version_hash = null, failed_item = null, retry_at = null, excluded = false,
        stated = coalesce(excluded.stated, source_item.stated), notes = excluded.notes`,
    values: [
      origin.source,
      origin.key,
      origin.versionHash,
      contentId,
      contentType,
      publishedAt,
      origin.stated === undefined ? null : JSON.stringify(origin.stated),
      notes.length === 0 ? null : notes.map((note) => storable(note).slice(0, 500)),
    ],
  });
}
