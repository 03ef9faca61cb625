/** An erasure that was done, as it is kept outside the database for the day a backup is restored. */
import type { Receipt } from './receipt-chain.ts';

export type Erasure = {
  /** Of its fence; random. */
  readonly id: string;
  /** SHA-256 of the 16 bytes of the user's id, lower-case hexadecimal. */
  readonly userSha256: string;
  /** What the user asked later was not erased. */
  readonly askedUntil: Date;
  readonly receipt: Receipt;
};
