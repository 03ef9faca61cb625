/** Finds the content whose verification is the longest ago. */
import type { Pool } from 'pg';
import type { ContentType } from '../provenance/content.ts';

export type ContentToVerify = {
  readonly provenanceId: string;
  readonly contentId: string;
  readonly contentType: ContentType;
  readonly sourceUri: string | null;
  readonly sha256: string | null;
  readonly c2pa: string | null;
};

/** Current versions that are not removed; first those that were never verified. */
export async function findContentToVerify(
  pool: Pool,
  { verifiedBefore, limit }: { verifiedBefore: Date; limit: number },
): Promise<readonly ContentToVerify[]> {
  const { rows } = await pool.query<ContentToVerify>({
    name: 'content-to-verify',
    text: `
      select
        id as "provenanceId", content_id as "contentId", content_type as "contentType", source_uri as "sourceUri",
        hash_sha256 as sha256, hash_c2pa as c2pa
      from provenance
      where superseded_at is null and removed_at is null and content_type <> 'ai_response'
        and (last_verified_at is null or last_verified_at < $1)
      order by last_verified_at nulls first, id
      limit $2`,
    values: [verifiedBefore, limit],
  });
  return rows;
}
