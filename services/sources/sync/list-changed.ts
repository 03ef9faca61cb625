/** Reads a plugin's listing, rejects impossible items, and passes on those that are new or changed. */
import type { FailingItem, KnownItem } from '../../provenance/source.ts';
import type { ListedItem, Listing, SourceContext, SourcePlugin } from '../plugin.ts';
import { defaultTimeoutMs, withTimeout } from '../plugin-timeout.ts';
import { SourceError } from '../source-error.ts';
import { listedAgain } from './failing-items.ts';
import { itemVersionHash } from './version-hash.ts';

/** The items of a listing so far. */
export type ListingState = {
  /** Keys of items that exist and are wanted. */
  readonly seen: Set<string>;
  /** Keys of items that the source reports as deleted, or that the plugin's filter rejects. */
  readonly unwanted: Set<string>;
  listed: number;
  unchanged: number;
  /** Items that failed and wait for their next attempt. */
  waiting: number;
  /** Items whose document an operator removed. */
  excluded: number;
};

export type ChangedItems = {
  readonly plugin: SourcePlugin;
  readonly context: SourceContext<unknown>;
  readonly cursor: unknown;
  readonly known: ReadonlyMap<string, KnownItem>;
  /** What failed before, by key. */
  readonly failing: ReadonlyMap<string, FailingItem>;
  /** How such an item was listed; null: it is no longer stored. */
  readonly recall: (key: string) => Promise<unknown>;
  /** See `version-hash.ts`. */
  readonly configuration: string;
  readonly state: ListingState;
};

/** A longer listing is taken for an endless one. */
const maxItems = 500_000;
/** After this many repeated items in a row, the listing is taken for a circular one. */
const maxRepeated = 10_000;
/** The limit of an index in PostgreSQL. */
const maxKey = 2_400;

/**
 * After the listed items come those that failed before, are due, and are not covered by the listing.
 * @throws {SourceError} if the listing is impossible; whatever the plugin throws
 */
export async function* changedItems(
  list: NonNullable<SourcePlugin['list']>,
  { plugin, context, cursor, known, failing, recall, configuration, state }: ChangedItems,
): AsyncGenerator<ListedItem, Listing> {
  const { signal } = context;
  const listing = list(context, cursor);
  let repeated = 0;
  try {
    for (;;) {
      const next = await withTimeout(listing.next(), defaultTimeoutMs, signal);
      if (next.done === true) {
        const end = checkedEnd(next.value);
        yield* unlisted(end);
        return end;
      }
      const item = checked(next.value);
      if (state.seen.has(item.key) || state.unwanted.has(item.key)) {
        repeated++;
        if (repeated > maxRepeated) throw new SourceError('lists the same items repeatedly');
        continue;
      }
      repeated = 0;
      state.listed++;
      if (state.listed > maxItems) throw new SourceError(`lists more than ${maxItems.toLocaleString('en')} items`);
      if (item.deleted === true || plugin.filter?.(item, context) === false) {
        state.unwanted.add(item.key);
        continue;
      }
      state.seen.add(item.key);
      const before = known.get(item.key);
      if (before?.excluded) {
        state.excluded++;
        continue;
      }
      const failed = failing.get(item.key);
      const versionHash = itemVersionHash(configuration, item);
      const there =
        before !== undefined && before.goneAt === null && before.versionHash !== null && failed === undefined;
      if (there && item.version !== null && before.versionHash === versionHash) state.unchanged++;
      else if (failed?.due === false && failed.versionHash === versionHash) state.waiting++;
      else yield item;
    }
  } finally {
    // Not awaited: a plugin that hangs would block this too.
    const leave = async () => listing.return({ cursor: null, covers: 'none' });
    leave().catch(() => {});
  }

  async function* unlisted({ covers }: Listing): AsyncGenerator<ListedItem, void> {
    for (const failed of failing.values()) {
      const { key, versionHash, due } = failed;
      const before = known.get(key);
      if (state.seen.has(key) || state.unwanted.has(key) || before === undefined || isCovered(before, covers)) continue;
      const kept = due ? await recall(key) : null;
      const item = kept === null ? null : listedAgain(key, kept);
      // With other settings everything is listed again: an item that is not listed may no longer be wanted.
      if (item === null || itemVersionHash(configuration, item) !== versionHash) state.waiting++;
      else {
        state.seen.add(key);
        yield item;
      }
    }
  }
}

function checked(item: unknown): ListedItem {
  const { key, version, uri } = (item ?? {}) as Partial<Record<keyof ListedItem, unknown>>;
  if (typeof key !== 'string' || key === '' || Buffer.byteLength(key) > maxKey || key.includes('\0')) {
    throw new SourceError(`lists an item whose key is no text of 1 to ${maxKey} bytes`);
  }
  if (version !== null && typeof version !== 'string') {
    throw new SourceError('lists an item whose version is neither text nor null');
  }
  if (typeof uri !== 'string' || uri === '') throw new SourceError('lists an item without a uri');
  return item as ListedItem;
}

function checkedEnd(end: unknown): Listing {
  const { covers, cursor = null } = (end ?? {}) as Partial<Listing>;
  if (covers === 'all' || covers === 'none' || typeof covers === 'function') {
    return { cursor, covers };
  }
  throw new SourceError('has a plugin whose list does not return { cursor, covers }');
}

/** Whether the listing would contain the item if it still existed. */
export function isCovered(item: KnownItem, covers: Listing['covers']): boolean {
  return typeof covers === 'function' ? covers(item) : covers === 'all';
}
