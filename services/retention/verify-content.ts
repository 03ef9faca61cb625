/** Verifies documents one after the other: reads each again, compares it, stores the status. Never removes anything. */
import { type ReadAgain, type VerificationStatus, verificationStatus } from '../provenance/verification.ts';

/** A document as stored; hashes in hex. */
export type Stored = {
  readonly sourceUri: string | null;
  /** Whether `sourceUri` is the address of a file that was ingested. */
  readonly ingested: boolean;
  readonly sha256: string | null;
  readonly c2pa: string | null;
};

type VerifyContent<Document extends Stored> = (run: {
  readonly documents: readonly Document[];
  readonly signal: AbortSignal;
  readonly onVerified: (document: Document, status: VerificationStatus) => void;
}) => Promise<void>;

export function createVerifyContent<Document extends Stored>({
  read,
  write,
}: {
  read: (document: Pick<Stored, 'sourceUri' | 'ingested'>) => Promise<ReadAgain>;
  write: (document: Document, found: { status: VerificationStatus; c2pa: string | null }) => Promise<void>;
}): VerifyContent<Document> {
  return async ({ documents, signal, onVerified }) => {
    for (const document of documents) {
      signal.throwIfAborted();
      const found = await read(document);
      const status = verificationStatus(document, found);
      await write(document, { status, c2pa: found.state === 'read' ? (found.manifest?.sha256 ?? null) : null });
      onVerified(document, status);
    }
  };
}
