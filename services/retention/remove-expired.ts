/** Removes expired content, one after the other; one that cannot be removed does not stop the rest. */
import type { ExpiredContent } from './expired-content.ts';

type RemoveExpired = (run: {
  /** Content that expires at this moment or before is removed. */
  readonly at: Date;
  readonly signal: AbortSignal;
  readonly onRemoved: (content: ExpiredContent) => void;
  readonly onFailed: (content: ExpiredContent, error: unknown) => void;
}) => Promise<void>;

export function createRemoveExpired({
  find,
  remove,
  isAway,
}: {
  /** Some expired content, the longest expired first, without those told; none: nothing is left. */
  find: (given: { at: Date; except: readonly string[] }) => Promise<readonly ExpiredContent[]>;
  /** All or nothing. Null: it is no longer there to remove. */
  remove: (content: ExpiredContent, at: Date) => Promise<ExpiredContent | null>;
  /** Whether an error says that the store is away, which is no fault of the content. */
  isAway: (error: unknown) => boolean;
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
          if (isAway(error)) throw error;
          failed.push(content.provenanceId);
          onFailed(content, error);
        }
      }
    }
  };
}
