/** The values of a content's hash and rights, in the order in which its provenance is compared and written. */
import type { ContentDocument } from '../provenance/content.ts';

/** @returns hash_sha256, license_type, rights_holder, permission_flag, external_share_consent, retention_years, access_policy, acquisition_method, acquired_at */
export function hashAndRights(document: ContentDocument): readonly unknown[] {
  return [
    document.sha256,
    document.license,
    document.rightsHolder,
    document.permission ?? false,
    document.externalShareConsent ?? false,
    document.retentionYears,
    document.accessPolicy === null ? null : JSON.stringify(document.accessPolicy),
    document.acquisitionMethod,
    document.acquiredAt,
  ];
}
