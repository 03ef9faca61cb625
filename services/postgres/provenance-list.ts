/** Lists where content came from, newest first, a page at a time. */
import type { Pool } from 'pg';
import type { ContentType } from '../provenance/content.ts';
import type { License } from '../provenance/license.ts';

/** Null: any. */
export type ProvenanceFilter = {
  readonly license: License | null;
  /** Answers have provenance rows too; they are listed where they are asked for by this. */
  readonly contentType: ContentType | 'ai_response' | null;
  /** The beginning of a source URI. */
  readonly sourceUri: string | null;
  /** true: retention has ended; false: it has not, or there is none. */
  readonly expired: boolean | null;
  /** Id of the last row of the page before; null: the first page. */
  readonly before: string | null;
  readonly limit: number;
};

export type ProvenanceRow = {
  readonly id: string;
  readonly contentId: string;
  readonly contentType: ContentType | 'ai_response';
  /** Null where the content has no title of its own kept. */
  readonly title: string | null;
  readonly sourceUri: string | null;
  readonly license: License | null;
  readonly acquisitionMethod: string | null;
  readonly rightsHolder: string | null;
  readonly permission: boolean;
  readonly externalShareConsent: boolean;
  readonly sha256: string | null;
  readonly retentionYears: number | null;
  readonly acquiredAt: Date;
  readonly expiresAt: Date | null;
  readonly removedAt: Date | null;
  readonly supersededAt: Date | null;
  readonly verificationStatus: string | null;
};

export type ProvenancePage = {
  readonly items: readonly ProvenanceRow[];
  /** To be given as `before` for the next page; null on the last one. */
  readonly next: string | null;
};

export async function listProvenance(pool: Pool, filter: ProvenanceFilter, now: Date): Promise<ProvenancePage> {
  // Written out, because the planner takes the indexes that leave answers out only for this very condition.
  const scope = filter.contentType === 'ai_response' ? 'answers' : 'content';
  const { rows } = await pool.query<ProvenanceRow>({
    name: `provenance-list-${scope}`,
    text: `
      select
        provenance.id,
        content_id as "contentId",
        content_type as "contentType",
        materials.title,
        source_uri as "sourceUri",
        license_type as license,
        acquisition_method as "acquisitionMethod",
        rights_holder as "rightsHolder",
        permission_flag as permission,
        external_share_consent as "externalShareConsent",
        hash_sha256 as sha256,
        retention_years as "retentionYears",
        acquired_at as "acquiredAt",
        expires_at as "expiresAt",
        removed_at as "removedAt",
        superseded_at as "supersededAt",
        verification_status as "verificationStatus"
      from provenance
      left join materials on materials.id = material_id
      where ($1::license_type is null or license_type = $1)
        and content_type ${scope === 'answers' ? '=' : '<>'} 'ai_response'
        and ($2::content_type is null or content_type = $2)
        and ($3::text is null or starts_with(source_uri, $3))
        and ($4::boolean is null or coalesce(expires_at <= $5::timestamptz, false) = $4)
        and ($6::uuid is null or provenance.id < $6)
      order by provenance.id desc
      limit $7`,
    values: [
      filter.license,
      filter.contentType,
      filter.sourceUri,
      filter.expired,
      now,
      filter.before,
      // One more than asked for tells whether there is a next page.
      filter.limit + 1,
    ],
  });
  const items = rows.slice(0, filter.limit);
  return { items, next: rows.length > items.length ? (items.at(-1)?.id ?? null) : null };
}
