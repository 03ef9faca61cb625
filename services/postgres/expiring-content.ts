/** Finds content whose retention ends soon, or has ended while it is still kept. */
import type { Pool } from 'pg';
import { type ProvenanceRow, provenanceColumns } from './provenance-row.ts';

const atMost = 1_000;

/**
 * What expires within `days` days (of 24 hours) after `now`, soonest first; content that was removed or replaced is left
 * out. At most 1,000 rows.
 */
export async function findExpiringContent(
  pool: Pool,
  { days, now }: { days: number; now: Date },
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
      order by expires_at, id
      limit $3`,
    values: [days, now, atMost],
  });
  return rows;
}
