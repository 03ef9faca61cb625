/** Content whose retention has ended, as it is found and as it is removed. */
import type { ContentType } from '../provenance/content.ts';

export type ExpiredContent = {
  readonly provenanceId: string;
  readonly contentId: string;
  readonly contentType: ContentType;
  readonly sourceUri: string | null;
  /** A number where the database says infinity. */
  readonly acquiredAt: Date | number;
  readonly retentionYears: number;
  readonly expiresAt: Date | number;
  /** former_version_expired: changed content had replaced it, and its passages with it. */
  readonly reason: 'expired' | 'former_version_expired';
  /** That go, or went, with it. */
  readonly passages: number;
};
