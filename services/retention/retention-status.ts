/** The state of retention and verification at one instant. */
import type { VerificationStatus } from '../provenance/verification.ts';

export type RetentionStatus = {
  /** Documents that expired more than a day ago and still exist. */
  readonly overdueContent: number;
  /** Dialogues that should have been deleted more than a day ago; counted to 100,000. */
  readonly overdueDialogues: number;
  /** Citations in recent answers that refer to content already expired or removed when the question was asked. */
  readonly expiredCitations: number;
  /** Current documents by status. `never`: not verified yet; `other`: a status that this program does not know. */
  readonly contents: Readonly<Record<VerificationStatus | 'never' | 'other', number>>;
  /** When the least recently verified document was verified; null: none ever was. */
  readonly oldestVerification: Date | null;
};
