/** Statements of content verification: find due documents, store results. */
import type { Pool } from 'pg';
import type { ContentType } from '../../provenance/content.ts';
import type { VerificationStatus } from '../../provenance/verification.ts';

export type ContentToVerify = {
  readonly provenanceId: string;
  readonly contentId: string;
  readonly contentType: ContentType;
  readonly sourceUri: string | null;
  /** Whether `sourceUri` is the key of an item that was ingested. */
  readonly ingested: boolean;
  readonly sha256: string | null;
  readonly c2pa: string | null;
};

/** Finds current, existing documents to verify: never verified ones first, then the least recently verified. */
export async function findContentToVerify(
  pool: Pool,
  { verifiedBefore, limit }: { verifiedBefore: Date; limit: number },
): Promise<readonly ContentToVerify[]> {
  const { rows } = await pool.query<ContentToVerify>({
    name: 'content-to-verify',
    text: `
      select
        id as "provenanceId", content_id as "contentId", content_type as "contentType", source_uri as "sourceUri",
        hash_sha256 as sha256, hash_c2pa as c2pa,
        exists (
          select from source_item where source_item.source = provenance.source and source_item.key = provenance.source_uri
        ) as ingested
      from provenance
      where superseded_at is null and removed_at is null and content_type <> 'ai_response'
        and (last_verified_at is null or last_verified_at < $1)
      order by last_verified_at nulls first, id
      limit $2`,
    values: [verifiedBefore, limit],
  });
  return rows;
}

/**
 * Stores the result of a verification, unless the version was replaced or removed meanwhile.
 * @param sha256 the stored hash at the time of reading
 * @param c2pa hash of the manifest now in the document; stored if none was stored and the document is otherwise
 *   unchanged
 */
export async function writeVerification(
  pool: Pool,
  provenanceId: string,
  { sha256, status, c2pa }: { sha256: string | null; status: VerificationStatus; c2pa: string | null },
): Promise<void> {
  await pool.query({
    name: 'write-verification',
    text: `
      update provenance set
        last_verified_at = now(),
        verification_status = $3::text,
        hash_c2pa = case when $3::text in ('verified', 'manifest_invalid') then coalesce(hash_c2pa, $4::text) else hash_c2pa end
      where id = $1 and hash_sha256 is not distinct from $2::text and superseded_at is null and removed_at is null`,
    values: [provenanceId, sha256, status, c2pa],
  });
}
