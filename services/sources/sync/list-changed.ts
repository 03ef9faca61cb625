/** Listens to a plugin's listing, refuses what cannot be true, and lets through what is new or changed. */
import type { FailingItem, KnownItem } from '../../provenance/source.ts';
import type { ListedItem, Listing, SourceContext, SourcePlugin } from '../plugin.ts';
import { defaultTimeoutMs, withTimeout } from '../plugin-timeout.ts';
import { SourceError } from '../source-error.ts';
import { listedAgain } from './failing-items.ts';
import { itemVersionHash } from './version-hash.ts';

/** What a listing has told so far. */
export type ListingState = {
  /** Keys of items that are there and wanted. */
  readonly seen: Set<string>;
  /** Keys of items that the source tells to be deleted, or that the plugin's filter does not want. */
  readonly unwanted: Set<string>;
  listed: number;
  unchanged: number;
  /** Items that failed and wait for their next try. */
  waiting: number;
};

export type ChangedItems = {
  readonly plugin: SourcePlugin;
  readonly context: SourceContext<unknown>;
  readonly cursor: unknown;
  readonly known: ReadonlyMap<string, KnownItem>;
  /** What failed before, by key. */
  readonly failing: ReadonlyMap<string, FailingItem>;
  /** What is kept of one of those; null: nothing any more. */
  readonly recall: (key: string) => Promise<unknown>;
  /** See `sync-versionHash.ts`. */
  readonly configuration: string;
  readonly account: ListingState;
};

/** Longer listings are endless for all we know. */
const maxItems = 500_000;
/** So many items told again, one after the other, are a listing that goes in circles. */
const maxRepeated = 10_000;
/** What an index of Postgres takes. */
const maxKey = 2_400;

/**
 * After what is listed come the items that failed before, whose time has come, and of which the listing says nothing.
 * @throws {SourceError} where the listing cannot be believed; whatever the plugin throws
 */
export async function* changedItems(
  list: NonNullable<SourcePlugin['list']>,
  { plugin, context, cursor, known, failing, recall, configuration, account }: ChangedItems,
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
      if (account.seen.has(item.key) || account.unwanted.has(item.key)) {
        repeated++;
        if (repeated > maxRepeated) throw new SourceError('lists the same items again and again');
        continue;
      }
      repeated = 0;
      account.listed++;
      if (account.listed > maxItems) throw new SourceError(`lists more than ${maxItems.toLocaleString('en')} items`);
      if (item.gone === true || plugin.filter?.(item, context) === false) {
        account.unwanted.add(item.key);
        continue;
      }
      account.seen.add(item.key);
      const before = known.get(item.key);
      const failed = failing.get(item.key);
      const versionHash = itemVersionHash(configuration, item);
      const there =
        before !== undefined && before.goneAt === null && before.versionHash !== null && failed === undefined;
      if (there && item.version !== null && before.versionHash === versionHash) account.unchanged++;
      else if (failed?.due === false && failed.versionHash === versionHash) account.waiting++;
      else yield item;
    }
  } finally {
    // Not waited for: a plugin that is stuck would keep us.
    const leave = async () => listing.return({ cursor: null, covers: 'none' });
    leave().catch(() => {});
  }

  async function* unlisted({ covers }: Listing): AsyncGenerator<ListedItem, void> {
    for (const failed of failing.values()) {
      const { key, versionHash, due } = failed;
      const before = known.get(key);
      if (account.seen.has(key) || account.unwanted.has(key) || before === undefined || isCovered(before, covers))
        continue;
      const kept = due ? await recall(key) : null;
      const item = kept === null ? null : listedAgain(key, kept);
      // With other settings everything is listed anew: what that does not show is not known to be wanted.
      if (item === null || itemVersionHash(configuration, item) !== versionHash) account.waiting++;
      else {
        account.seen.add(key);
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

/** Whether the listing would have shown the item if it were still there. */
export function isCovered(item: KnownItem, covers: Listing['covers']): boolean {
  return typeof covers === 'function' ? covers(item) : covers === 'all';
}
