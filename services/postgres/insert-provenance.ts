/** Writes where a content came from and what may be done with it. */
import type { ClientBase } from 'pg';
import type { ContentDocument } from '../provenance/content.ts';
import { type VerificationStatus, verificationStatus } from '../provenance/verification.ts';
import { hashAndRights } from './hash-and-rights.ts';

export async function insertProvenance(
  client: ClientBase,
  contentId: string,
  document: ContentDocument,
): Promise<void> {
  await client.query({
    name: 'insert-provenance',
    text: `
      insert into provenance (
        content_id, content_type, source_uri, hash_sha256, license_type, rights_holder, permission_flag,
        external_share_consent, retention_years, access_policy, acquisition_method, acquired_at, last_verified_at,
        verification_status, hash_c2pa, source, language, published_at
      ) values (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce($12, now()), now(), $13, $14, $15, $16, $17
      )`,
    values: [
      contentId,
      document.contentType,
      document.sourceUri,
      ...hashAndRights(document),
      takenInStatus(document),
      document.manifest?.sha256 ?? null,
      document.origin.source,
      document.language,
      document.publishedAt,
    ],
  });
}

/** Content that is taken in is what it is; only its own manifest can contradict it. */
export function takenInStatus({ sha256, manifest }: ContentDocument): VerificationStatus {
  return verificationStatus({ sha256, c2pa: manifest?.sha256 ?? null }, { state: 'read', sha256, manifest });
}
