/** Finds content that has expired and has not been removed: current versions, and former ones that wait for their mark. */
import type { Pool } from 'pg';
import type { ExpiredContent } from '../retention/expired-content.ts';
import { readInPages } from './read-in-pages.ts';
import { inSnapshot } from './snapshot.ts';

/**
 * Whether the passages that are there now are this version's: those of a former version went when it was replaced. Content
 * that has lost its current version keeps nothing alive either.
 */
export const ownsPassages = `(
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

/** The longest expired first. */
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
