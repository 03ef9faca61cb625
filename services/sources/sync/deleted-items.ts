/** Decides which items were deleted at their source. */
import type { KnownItem } from '../../provenance/source.ts';
import type { Listing, SourceContext, SourcePlugin } from '../plugin.ts';
import { defaultTimeoutMs, withTimeout } from '../plugin-timeout.ts';
import { SourceError } from '../source-error.ts';
import { isCovered, type ListingState } from './list-changed.ts';

/**
 * Checks items that the listing does not cover one by one. Ends at the first one that the source cannot check.
 * @param exists called for each item that still exists
 * @returns the keys of deleted items
 */
export async function findDeleted(
  items: readonly KnownItem[],
  isDeleted: NonNullable<SourcePlugin['isDeleted']>,
  { context, exists }: { context: SourceContext<unknown>; exists: (key: string) => Promise<void> },
): Promise<readonly string[]> {
  const { signal } = context;
  const check = async (item: KnownItem) => isDeleted(item, context);
  const deleted: string[] = [];
  for (const item of items) {
    const answer = await withTimeout(check(item), defaultTimeoutMs, signal).catch(() => null);
    signal.throwIfAborted();
    if (answer === null) break;
    if (answer) deleted.push(item.key);
    else await exists(item.key);
  }
  return deleted;
}

/** A source that loses more than half of at least this many items is more likely broken than emptied. */
const fewItems = 10;
/** Items that one sync checks one by one, and the milliseconds until an item is checked again. */
const maxChecked = 50;
const checkAgainAfter = 24 * 3_600_000;

/**
 * @param found keys of items that had no text or were deleted when they were fetched
 * @returns the keys of the documents to remove: those, and the items that are missing from a listing that covers them
 * @throws {SourceError} if that is more than half of the known items, unless it is allowed
 */
export function itemsToRemove(
  known: readonly KnownItem[],
  { seen, unwanted }: Pick<ListingState, 'seen' | 'unwanted'>,
  { covers }: Listing,
  { found, allowRemovals }: { found: ReadonlySet<string>; allowRemovals: boolean },
): readonly string[] {
  const there = known.filter(({ goneAt }) => goneAt === null);
  const gone = there.filter(
    (item) => found.has(item.key) || unwanted.has(item.key) || (!seen.has(item.key) && isCovered(item, covers)),
  );
  const documents = (items: readonly KnownItem[]) => items.filter(({ hasContent }) => hasContent).length;
  if (!allowRemovals) refuseMost(documents(gone), documents(there));
  return gone.map(({ key }) => key);
}

/** Whether so many items are gone that they are more likely missing by mistake. */
export function areMost(gone: number, items: number): boolean {
  return gone >= fewItems && gone > items / 2;
}

/** @throws {SourceError} if more than half of the items would be removed */
export function refuseMost(gone: number, items: number): void {
  if (!areMost(gone, items)) return;
  throw new SourceError(
    `lost ${gone} of ${items} items at once, so nothing was removed; if that is correct, pass --allow-removals`,
  );
}

/** The items that were checked the longest ago come first. None if the listing covers nothing. */
export function itemsToCheck(
  known: readonly KnownItem[],
  { seen, unwanted }: Pick<ListingState, 'seen' | 'unwanted'>,
  { covers }: Listing,
  now: Date,
): readonly KnownItem[] {
  if (covers === 'none') return [];
  const before = now.getTime() - checkAgainAfter;
  return known
    .filter(({ checkedAt }) => checkedAt.getTime() < before)
    .filter(
      (item) => item.goneAt === null && !seen.has(item.key) && !unwanted.has(item.key) && !isCovered(item, covers),
    )
    .sort((a, b) => a.checkedAt.getTime() - b.checkedAt.getTime())
    .slice(0, maxChecked);
}
