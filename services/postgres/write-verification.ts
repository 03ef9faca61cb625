/** Writes what the verification of a content has found. */
import type { Pool } from 'pg';
import type { VerificationStatus } from '../provenance/verification.ts';

/**
 * Says nothing about a version that has been replaced or removed meanwhile.
 * @param found.sha256 the hash that was kept when the content was read again
 * @param found.c2pa of the manifest that is in the content now; kept where none was kept before and the rest is as it was
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
