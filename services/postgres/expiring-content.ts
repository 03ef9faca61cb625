/** Finds content whose retention ends soon, or has ended while it is still kept. */
import type { Pool } from 'pg';
import type { ContentType } from '../provenance/content.ts';
import type { License } from '../provenance/license.ts';

export type ExpiringContent = {
  readonly contentId: string;
  readonly contentType: ContentType;
  /** Null where the content has no title of its own kept. */
  readonly title: string | null;
  readonly sourceUri: string | null;
  readonly license: License | null;
  readonly rightsHolder: string | null;
  readonly retentionYears: number;
  readonly acquiredAt: Date;
  readonly expiresAt: Date;
  readonly expired: boolean;
};

const atMost = 1_000;

/** What expires within `days` days of `now`, soonest first; content that was removed or replaced is left out. At most 1,000. */
export async function findExpiringContent(
  pool: Pool,
  { days, now }: { days: number; now: Date },
): Promise<readonly ExpiringContent[]> {
  const { rows } = await pool.query<ExpiringContent>({
    name: 'expiring-content',
    text: `
      select
        content_id as "contentId",
        content_type as "contentType",
        materials.title,
        source_uri as "sourceUri",
        license_type as license,
        rights_holder as "rightsHolder",
        retention_years as "retentionYears",
        acquired_at as "acquiredAt",
        expires_at as "expiresAt",
        expires_at <= $2::timestamptz as expired
      from provenance
      left join materials on materials.id = material_id
      where retention_years is not null
        and expires_at < $2::timestamptz + $1::integer * interval '24 hours'
        and content_type <> 'ai_response'
        and removed_at is null
        and superseded_at is null
      order by expires_at, content_id
      limit $3`,
    values: [days, now, atMost],
  });
  return rows;
}
