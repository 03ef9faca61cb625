/** Statements that find, count and remove expired content. */
import type { ClientBase, Pool } from 'pg';
import type { ExpiredContent } from '../../retention/remove-expired.ts';
import { inSnapshot, readInPages } from '../client/paging.ts';
import { inTransaction } from '../client/transaction.ts';
import { lockPassageCorpus, removePassages } from '../content/passages.ts';
import { markContentRemoved } from '../content/tombstones.ts';

/** Counts expired documents that still exist. */
export async function countExpiredContent(pool: Pool, at: Date): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: 'count-expired-content',
    text: `
      select count(*) from provenance
      where retention_years is not null and expires_at <= $1 and removed_at is null and content_type <> 'ai_response'`,
    values: [at],
  });
  return rows[0]?.count ?? 0;
}

/**
 * Whether the stored passages belong to this version: those of a former version were deleted when it was replaced. It
 * also holds if the document has no current version any more.
 */
const ownsPassages = `(
  provenance.superseded_at is null or not exists (
    select from provenance as newer
    where newer.content_id = provenance.content_id and newer.content_type = provenance.content_type
      and newer.content_type <> 'ai_response' and newer.superseded_at is null
  )
)`;

const statement = `
  select
    id as "provenanceId", content_id as "contentId", content_type as "contentType", source_uri as "sourceUri",
    acquired_at as "acquiredAt", retention_years as "retentionYears", expires_at as "expiresAt",
    case when superseded_at is null then 'expired' else 'former_version_expired' end as reason,
    case when ${ownsPassages} then (
      select count(*)::integer from passage
      where passage.content_id = provenance.content_id and passage.content_type = provenance.content_type
    ) else 0 end as passages
  from provenance
  where retention_years is not null and expires_at <= $1 and removed_at is null and content_type <> 'ai_response'`;

/**
 * Finds expired documents that still exist, current versions and former ones without a tombstone, the longest expired
 * first.
 */
export async function findExpiredContent(
  pool: Pool,
  { at, except, limit }: { at: Date; except: readonly string[]; limit: number },
): Promise<readonly ExpiredContent[]> {
  const { rows } = await pool.query<ExpiredContent>({
    name: 'find-expired-content',
    text: `${statement} and id <> all($2::uuid[]) order by expires_at, id limit $3`,
    values: [at, except, limit],
  });
  return rows;
}

/** Reads all of them in pages, from one snapshot. */
export function readExpiredContent(pool: Pool, at: Date): AsyncIterable<readonly ExpiredContent[]> {
  return inSnapshot(pool, (client) =>
    readInPages<ExpiredContent>(client, `${statement} order by expires_at, id`, [at]),
  );
}

/**
 * Locks the provenance row of an expired document, so that it is not replaced or removed concurrently. Call it under
 * `lockPassageCorpus`.
 * @returns whether the stored passages belong to this version; null: it was removed or its retention extended meanwhile
 */
async function lockExpiredContent(
  client: ClientBase,
  { provenanceId, at }: { provenanceId: string; at: Date },
): Promise<{ readonly ownsPassages: boolean } | null> {
  const { rows } = await client.query<{ ownsPassages: boolean }>({
    name: 'lock-expired-content',
    text: `
      select ${ownsPassages} as "ownsPassages" from provenance
      where id = $1 and expires_at <= $2 and removed_at is null and content_type <> 'ai_response'
      for update`,
    values: [provenanceId, at],
  });
  return rows[0] ?? null;
}

/**
 * Removes an expired document in one transaction: deletes its passages, turns its provenance row into a tombstone and
 * records it in the audit. It touches neither the LMS's material nor other versions of the document.
 * @param run.runId recorded in the audit
 * @returns the removed document; null: it was removed or its retention extended meanwhile
 */
export function removeExpiredContent(
  pool: Pool,
  content: ExpiredContent,
  { at, runId }: { at: Date; runId: string },
): Promise<ExpiredContent | null> {
  const { provenanceId } = content;
  return inTransaction(pool, async (client) => {
    await lockPassageCorpus(client);
    const locked = await lockExpiredContent(client, { provenanceId, at });
    if (locked === null) return null;
    const passages = locked.ownsPassages ? await removePassages(client, content) : 0;
    await markContentRemoved(client, { provenanceId, runId, passages, reason: 'expired' });
    return { ...content, passages };
  });
}
