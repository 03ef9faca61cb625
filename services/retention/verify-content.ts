/** Verifies content, one after the other: reads it again, compares, writes what was found. Nothing is ever removed. */
import { type ReadAgain, type VerificationStatus, verificationStatus } from '../provenance/verification.ts';

/** As it is kept; hashes in hex. */
export type Kept = { readonly sourceUri: string | null; readonly sha256: string | null; readonly c2pa: string | null };

type VerifyContent<Content extends Kept> = (run: {
  readonly contents: readonly Content[];
  readonly signal: AbortSignal;
  readonly onVerified: (content: Content, status: VerificationStatus) => void;
}) => Promise<void>;

export function createVerifyContent<Content extends Kept>({
  read,
  write,
}: {
  read: (sourceUri: string | null) => Promise<ReadAgain>;
  write: (content: Content, found: { status: VerificationStatus; c2pa: string | null }) => Promise<void>;
}): VerifyContent<Content> {
  return async ({ contents, signal, onVerified }) => {
    for (const content of contents) {
      signal.throwIfAborted();
      const found = await read(content.sourceUri);
      const status = verificationStatus(content, found);
      await write(content, { status, c2pa: found.state === 'read' ? (found.manifest?.sha256 ?? null) : null });
      onVerified(content, status);
    }
  };
}
