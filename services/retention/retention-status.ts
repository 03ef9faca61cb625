/** What the database tells of retention and verification at one moment. */
import type { VerificationStatus } from '../provenance/verification.ts';

export type RetentionStatus = {
  /** Expired more than a day ago and not removed. */
  readonly overdueContent: number;
  /** Dialogues that should have been deleted more than a day ago; counted to 100,000. */
  readonly overdueDialogues: number;
  /** Citations in recent answers of content that had expired or been removed when the question was asked. */
  readonly expiredCitations: number;
  /** Current contents. `never`: not verified yet; `other`: a status that this program did not write. */
  readonly contents: Readonly<Record<VerificationStatus | 'never' | 'other', number>>;
  /** When the content that was verified the longest ago was; null: none ever was. */
  readonly oldestVerification: Date | null;
};
