/** Decides which items were deleted at their source. */
import type { KnownItem } from '../../provenance/source.ts';
import type { Listing, SourceContext, SourcePlugin } from '../plugin.ts';
import { defaultTimeoutMs, withTimeout } from '../plugin-timeout.ts';
import { SourceError } from '../source-error.ts';
import { isCovered, type ListingState } from './list-changed.ts';

/**
 * Asks a source, item by item, which of those that its listing says nothing of were deleted.
 * Ends with the first item of which the source cannot tell.
 * @param there told of each that is there
 * @returns the keys of those that are not
 */
export async function findDeleted(
  items: readonly KnownItem[],
  isDeleted: NonNullable<SourcePlugin['isDeleted']>,
  { context, there }: { context: SourceContext<unknown>; there: (key: string) => Promise<void> },
): Promise<readonly string[]> {
  const { signal } = context;
  const ask = async (item: KnownItem) => isDeleted(item, context);
  const gone: string[] = [];
  for (const item of items) {
    const answer = await withTimeout(ask(item), defaultTimeoutMs, signal).catch(() => null);
    signal.throwIfAborted();
    if (answer === null) break;
    if (answer) gone.push(item.key);
    else await there(item.key);
  }
  return gone;
}

/** A source that has lost more than half of at least so many items is more likely broken than emptied. */
const fewItems = 10;
/** Items that are looked for one by one in one sync, and how long one is then left in peace. Milliseconds. */
const maxAsked = 50;
const askedAgainAfter = 24 * 3_600_000;

/**
 * Which items a listing shows to be deleted at their source, and which it says nothing of.
 * @param found keys that gave no text or were gone when they were fetched
 * @returns the keys of what is there and has to go: these, and what the listing shows to be deleted
 * @throws {SourceError} where that would be most of what is known, unless it is allowed
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
  if (!allowRemovals) refuseMost(gone.length, there.length);
  return gone.map(({ key }) => key);
}

/** @throws {SourceError} where more than half would go */
export function refuseMost(gone: number, items: number): void {
  if (gone < fewItems || gone <= items / 2) return;
  throw new SourceError(
    `has lost ${gone} of ${items} items at once, so nothing was removed; if that is right, sync it with --allow-removals`,
  );
}

/** Those first that were looked for the longest ago. None where the listing had nothing to tell. */
export function itemsToCheck(
  known: readonly KnownItem[],
  { seen, unwanted }: Pick<ListingState, 'seen' | 'unwanted'>,
  { covers }: Listing,
  now: Date,
): readonly KnownItem[] {
  if (covers === 'none') return [];
  const before = now.getTime() - askedAgainAfter;
  return known
    .filter(({ checkedAt }) => checkedAt.getTime() < before)
    .filter(
      (item) => item.goneAt === null && !seen.has(item.key) && !unwanted.has(item.key) && !isCovered(item, covers),
    )
    .sort((a, b) => a.checkedAt.getTime() - b.checkedAt.getTime())
    .slice(0, maxAsked);
}
