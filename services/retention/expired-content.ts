/** A document whose retention has ended. */
import type { ContentType } from '../provenance/content.ts';

export type ExpiredContent = {
  readonly provenanceId: string;
  readonly contentId: string;
  readonly contentType: ContentType;
  readonly sourceUri: string | null;
  /** A number stands for the database's infinity. */
  readonly acquiredAt: Date | number;
  readonly retentionYears: number;
  readonly expiresAt: Date | number;
  /** former_version_expired: a newer version has replaced it and its passages. */
  readonly reason: 'expired' | 'former_version_expired';
  /** Number of its passages, removed with it. */
  readonly passages: number;
};
