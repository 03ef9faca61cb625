/** Lists provenance rows for administrators. */
import type { Pool } from 'pg';
import type { ContentType } from '../../provenance/content.ts';
import type { License } from '../../provenance/license.ts';
import { type ProvenanceRow, provenanceColumns } from './provenance-row.ts';

/**
 * Finds content that expires within `days` days (of 24 hours) after `now` or has expired already, soonest first,
 * without removed and replaced versions.
 * @param after id of the last row of the previous page; null: the first page
 */
export async function findExpiringContent(
  pool: Pool,
  { days, now, limit, after }: { days: number; now: Date; limit: number; after: string | null },
): Promise<readonly ProvenanceRow[]> {
  const { rows } = await pool.query<ProvenanceRow>({
    name: 'expiring-content',
    text: `
      select ${provenanceColumns}
      from provenance
      where retention_years is not null
        and expires_at < $2::timestamptz + $1::integer * interval '24 hours'
        and content_type <> 'ai_response'
        and removed_at is null
        and superseded_at is null
        and ($3::uuid is null or (expires_at, id) > (
          select mark.expires_at, mark.id from provenance mark where mark.id = $3
        ))
      order by expires_at, id
      limit $4`,
    values: [days, now, after, limit],
  });
  return rows;
}

/** Null: no filter. */
export type ProvenanceFilter = {
  readonly contentId: string | null;
  /** Null: every type but ai_response, because each answer has a row of it. */
  readonly contentType: ContentType | 'ai_response' | null;
  readonly license: License | null;
  /** Prefix of the source URI. */
  readonly sourceUri: string | null;
  /** Id of the last row of the previous page; null: the first page. */
  readonly before: string | null;
  readonly limit: number;
};

/** Lists provenance rows a page at a time, newest first by (acquired_at, id). */
export async function listProvenance(pool: Pool, filter: ProvenanceFilter): Promise<readonly ProvenanceRow[]> {
  // Spelled out in the statement, because the planner uses the partial indexes only for exactly this condition.
  const scope = filter.contentType === 'ai_response' ? 'answers' : 'content';
  const { rows } = await pool.query<ProvenanceRow>({
    name: `provenance-list-${scope}`,
    text: `
      select ${provenanceColumns}
      from provenance
      where content_type ${scope === 'answers' ? '=' : '<>'} 'ai_response'
        and ($1::uuid is null or content_id = $1)
        and ($2::content_type is null or content_type = $2)
        and ($3::license_type is null or license_type = $3)
        and ($4::text is null or starts_with(source_uri, $4))
        and ($5::uuid is null or (acquired_at, id) < (
          select mark.acquired_at, mark.id from provenance mark where mark.id = $5
        ))
      order by acquired_at desc, id desc
      limit $6`,
    values: [filter.contentId, filter.contentType, filter.license, filter.sourceUri, filter.before, filter.limit],
  });
  return rows;
}
