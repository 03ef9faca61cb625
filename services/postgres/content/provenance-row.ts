/** The columns of a provenance row that content owners see. */
import type { AccessPolicy, AcquisitionMethod, ContentType } from '../../provenance/content.ts';
import type { License } from '../../provenance/license.ts';

/** A `select` list over `provenance`, without the user who ingested the content, which other learners must not see. */
const originColumns = `
  provenance.id,
  provenance.content_id as "contentId",
  provenance.content_type as "contentType",
  provenance.source,
  provenance.source_uri as "sourceUri",
  provenance.language,
  provenance.published_at as "publishedAt",
  provenance.license_type as license,
  provenance.acquisition_method as "acquisitionMethod",
  provenance.rights_holder as "rightsHolder",
  provenance.permission_flag as "permissionFlag",
  provenance.external_share_consent as "externalShareConsent",
  provenance.hash_sha256 as "hashSha256",
  provenance.hash_c2pa as "hashC2pa",
  provenance.retention_years as "retentionYears",
  provenance.access_policy as "accessPolicy",
  provenance.acquired_at as "acquiredAt",
  provenance.expires_at as "expiresAt",
  provenance.last_verified_at as "lastVerifiedAt",
  provenance.verification_status as "verificationStatus",
  provenance.superseded_at as "supersededAt",
  provenance.removed_at as "removedAt"`;
export const provenanceColumns = `${originColumns}, provenance.acquired_by as "acquiredBy"`;
/** The same for answers, which no user ingested. */
export const answerProvenanceColumns = `${originColumns}, null::uuid as "acquiredBy"`;

/** Null: unknown. */
export type ProvenanceRow = {
  readonly id: string;
  readonly contentId: string;
  readonly contentType: ContentType | 'ai_response';
  /** A source in `plugin_registry`. */
  readonly source: string | null;
  readonly sourceUri: string | null;
  readonly language: string | null;
  readonly publishedAt: Date | null;
  readonly license: License | null;
  readonly acquisitionMethod: AcquisitionMethod | null;
  readonly rightsHolder: string | null;
  readonly permissionFlag: boolean;
  readonly externalShareConsent: boolean;
  readonly hashSha256: string | null;
  readonly hashC2pa: string | null;
  readonly retentionYears: number | null;
  /** Null: everyone may read. */
  readonly accessPolicy: AccessPolicy | null;
  readonly acquiredBy: string | null;
  readonly acquiredAt: Date;
  readonly expiresAt: Date | null;
  readonly lastVerifiedAt: Date | null;
  readonly verificationStatus: string | null;
  /** Null: the current version. */
  readonly supersededAt: Date | null;
  /** Null: its passages still exist. */
  readonly removedAt: Date | null;
};
