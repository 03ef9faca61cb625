/** Removes expired documents one after the other; a document that cannot be removed does not stop the rest. */
import type { ContentType } from '../provenance/content.ts';

/** A document whose retention has ended. */
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

type RemoveExpired = (run: {
  /** Documents that expire at this instant or before are removed. */
  readonly at: Date;
  readonly signal: AbortSignal;
  readonly onRemoved: (content: ExpiredContent) => void;
  readonly onFailed: (content: ExpiredContent, error: unknown) => void;
}) => Promise<void>;

export function createRemoveExpired({
  find,
  remove,
  isUnavailable,
}: {
  /** Some expired documents, the longest expired first, except those named; empty: none is left. */
  find: (query: { at: Date; except: readonly string[] }) => Promise<readonly ExpiredContent[]>;
  /** Atomic. Null: it no longer exists. */
  remove: (content: ExpiredContent, at: Date) => Promise<ExpiredContent | null>;
  /** Whether the error means that the database is unavailable, which is not the document's fault. */
  isUnavailable: (error: unknown) => boolean;
}): RemoveExpired {
  return async ({ at, signal, onRemoved, onFailed }) => {
    const failed: string[] = [];
    for (;;) {
      const some = await find({ at, except: failed });
      if (some.length === 0) return;
      for (const content of some) {
        signal.throwIfAborted();
        try {
          const removed = await remove(content, at);
          if (removed !== null) onRemoved(removed);
        } catch (error) {
          if (isUnavailable(error)) throw error;
          failed.push(content.provenanceId);
          onFailed(content, error);
        }
      }
    }
  };
}
