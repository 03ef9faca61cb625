/** Finds content whose retention ends soon, or has ended while it is still kept. */
import type { Pool } from 'pg';
import { type ProvenanceRow, provenanceColumns } from './provenance-row.ts';

/**
 * What expires within `days` days (of 24 hours) after `now`, soonest first; content that was removed or replaced is left
 * out. A page at a time: `after` is the id of the last row of the page before, null for the first.
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
