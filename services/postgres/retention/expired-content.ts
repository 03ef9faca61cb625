/** Statements that find, count and remove content whose retention has ended. */
import type { ClientBase, Pool } from 'pg';
import type { ExpiredContent } from '../../retention/expired-content.ts';
import { inSnapshot, readInPages } from '../client/paging.ts';
import { inTransaction } from '../client/transaction.ts';
import { lockPassageCorpus, removePassages } from '../content/passages.ts';
import { markContentRemoved } from '../content/tombstones.ts';

/** Counts the provenance rows whose content has expired and has not been removed. */
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
 * Whether the passages that are there now are this version's: those of a former version went when it was replaced. Content
 * that has lost its current version keeps nothing alive either.
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
 * Finds content that has expired and has not been removed: current versions, and former ones that wait for their mark.
 * The longest expired first.
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

/** The same for all of it, as it is at one moment, in pages. */
export function readExpiredContent(pool: Pool, at: Date): AsyncIterable<readonly ExpiredContent[]> {
  return inSnapshot(pool, (client) =>
    readInPages<ExpiredContent>(client, `${statement} order by expires_at, id`, [at]),
  );
}

/**
 * Locks the provenance row of expired content, so that nobody replaces or removes the content meanwhile.
 * Call it under `lockPassageCorpus`.
 * @returns whether the content's passages are this version's; null where it was removed, or its time prolonged, since
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
 * Removes one expired content: its passages go, its provenance row is marked, the audit tells of it; all or nothing.
 * Nothing else is touched: not the material, which is the LMS's, and no other version of the content.
 * @param run.runId what the audit names
 * @returns what was removed; null where it was removed before, or its retention was prolonged
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
