/** Roots of a source (channels, folders, databases) that cannot be listed: each becomes an item that fails, and the others are ingested. */
import type { ListedItem, Listing } from './plugin.ts';
import { SourceError, SourceUnavailable } from './source-error.ts';

type HeldRoot = { readonly failedRoot: string };

export type FailedRoots = {
  /** Passes on the items of one root. If listing it fails, the failure is kept. @throws for a source that is unavailable */
  readonly list: (
    root: string,
    uri: string,
    items: AsyncGenerator<ListedItem, unknown>,
  ) => AsyncGenerator<ListedItem, void>;
  /**
   * Yields an item for each root that failed. While there are any, no other item counts as deleted, and the next listing is a full one.
   * @throws {SourceError} if every root failed
   */
  readonly end: (listing: Listing) => AsyncGenerator<ListedItem, Listing>;
};

/** No id of a video, file or page has a colon. */
const prefix = 'root:';

export function createFailedRoots(): FailedRoots {
  const failed = new Map<string, { readonly uri: string; readonly error: SourceError }>();
  let listed = 0;
  return {
    async *list(root, uri, items) {
      try {
        yield* items;
        listed++;
      } catch (error) {
        if (!(error instanceof SourceError) || error instanceof SourceUnavailable) throw error;
        failed.set(prefix + root, { uri, error });
      }
    },
    async *end({ cursor, covers }) {
      const [first] = failed.values();
      if (first !== undefined && listed === 0) throw first.error;
      for (const [key, { uri, error }] of failed) {
        yield { key, version: null, uri, held: { failedRoot: error.message } satisfies HeldRoot };
      }
      return {
        cursor: failed.size > 0 ? null : cursor,
        covers: (item) => {
          if (item.key.startsWith(prefix)) return !failed.has(item.key);
          return failed.size === 0 && (typeof covers === 'function' ? covers(item) : covers === 'all');
        },
      };
    },
  };
}

/** For `fetch`. @throws {SourceError} for the item of a root that failed */
export function refuseFailedRoot({ held }: ListedItem): void {
  if (typeof held === 'object' && held !== null && 'failedRoot' in held) throw new SourceError(String(held.failedRoot));
}
