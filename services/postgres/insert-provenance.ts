/** Writes where a content came from and what may be done with it. */
import type { ClientBase } from 'pg';
import type { ContentDocument } from '../provenance/content.ts';
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
        verification_status
      ) values (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce($12, now()), now(), 'verified'
      )`,
    values: [contentId, document.contentType, document.sourceUri, ...hashAndRights(document)],
  });
}
