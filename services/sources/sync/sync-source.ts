/** Brings what is stored of a source up to date: list → changed only → fetch → transform → store → remove what is gone. */
import type { StoreContent } from '../../provenance/content.ts';
import type { FailingItem, Failure, KnownItem, SyncCounts, SyncStart } from '../../provenance/source.ts';
import { type ItemResult, ingestItems } from '../ingest/ingest-items.ts';
import { readItem } from '../ingest/read-item.ts';
import type { OpenSource } from '../open-source.ts';
import type { ListedItem } from '../plugin.ts';
import { defaultTimeoutMs, withTimeout } from '../plugin-timeout.ts';
import { SourceError, SourceUnavailable } from '../source-error.ts';
import { findDeleted, itemsToCheck, itemsToRemove, refuseMost } from './deleted-items.ts';
import { failureOf } from './failing-items.ts';
import { changedItems, type ListingState } from './list-changed.ts';
import { configurationHash, itemVersionHash } from './version-hash.ts';

export type SyncDeps = {
  readonly known: readonly KnownItem[];
  /** What failed before and waits to be tried again. */
  readonly failing: readonly FailingItem[];
  /** What is kept of one of those; null: nothing any more. */
  readonly recall: (key: string) => Promise<unknown>;
  readonly start: SyncStart;
  readonly store: StoreContent;
  /** Its content goes, as retention lets it go. @returns whether there was any */
  readonly remove: (key: string) => Promise<boolean>;
  /** Keeps why an item could not be taken in, and when it is tried again. */
  readonly fail: (key: string, failure: Failure) => Promise<void>;
  /** Keeps that this version of an item gives no text, and why; null: it holds none. */
  readonly skip: (key: string, versionHash: string, reason: string | null) => Promise<void>;
  /** Keeps that an item was looked for and is there, as far as is known. */
  readonly check: (key: string) => Promise<void>;
  /** Told now and then how far it has come. */
  readonly onProgress: (counts: SyncCounts) => Promise<void> | void;
  readonly onFailed: (item: ListedItem, reason: string) => void;
  /** Told of what was not read of an item that is taken in all the same. */
  readonly onNote: (item: ListedItem, note: string) => void;
  /** Whether more than half of the items may go at once. */
  readonly allowRemovals: boolean;
  readonly signal: AbortSignal;
};

export type SyncResult = {
  readonly counts: SyncCounts;
  /** Null: something could neither be taken in nor be kept to be tried again, so the next listing begins where this one did. */
  readonly next: SyncStart | null;
};

/** After so many items in a row that could not be reached, the source is away, and the items are not at fault. */
const awayInARow = 5;
const progressEvery = 50;

/** @throws {SourceError} where the source cannot be listed or is away; what the store throws where that is; the signal's reason */
export async function syncSource(
  { row, plugin, context, metadata }: OpenSource,
  {
    known,
    failing,
    recall,
    start,
    store,
    remove,
    fail,
    skip,
    check,
    onProgress,
    onFailed,
    onNote,
    allowRemovals,
    signal,
  }: SyncDeps,
): Promise<SyncResult> {
  const { list, fetch, transform, isDeleted } = plugin;
  if (!list || !fetch) throw new SourceError('cannot be synced: its plugin has no list');
  const configuration = configurationHash(row, plugin, metadata);
  const cursor = start.cursorHash === configuration ? start.cursor : null;
  const account: ListingState = { seen: new Set(), unwanted: new Set(), listed: 0, unchanged: 0, waiting: 0 };
  const done = { created: 0, replaced: 0, unchanged: 0, removed: 0, failed: 0 };
  const counts = (): SyncCounts => ({
    ...done,
    listed: account.listed,
    unchanged: done.unchanged + account.unchanged,
    failed: done.failed + account.waiting,
  });
  let away = 0;
  let resting: SourceUnavailable | null = null;
  let taken = 0;
  /** Items that the next sync must be told of again. */
  let again = 0;
  /** Items that give nothing any more, with what is to be kept of them: they go in the end, when it is known how much would go. */
  const leaving = new Map<string, () => Promise<void>>();

  const reader = {
    async fetch(item: ListedItem) {
      try {
        const fetched = await withTimeout(fetch(item, context), defaultTimeoutMs, signal);
        away = 0;
        if (fetched !== 'gone' && fetched.note !== undefined) onNote(item, fetched.note);
        return fetched;
      } catch (error) {
        if (error instanceof SourceUnavailable) away++;
        if (error instanceof SourceUnavailable && error.until !== null) resting = error;
        throw error;
      }
    },
    transform: transform && ((fetched: Parameters<typeof transform>[0]) => transform(fetched, context)),
  };

  /** Where nothing of it is here nothing goes, and it is kept at once: a sync that ends early would have it read again by the next. */
  async function pass(item: ListedItem, reason: string | null): Promise<void> {
    const settle = () => skip(item.key, itemVersionHash(configuration, item), reason);
    if (items.get(item.key)?.hasContent) leaving.set(item.key, settle);
    else await settle();
  }

  async function onResult(item: ListedItem, result: ItemResult): Promise<void> {
    if (result.state === 'failed') {
      // It asked to be left alone, which is no fault of the item: it is taken in when the source may be asked again.
      if (resting !== null) throw resting;
      done.failed++;
      onFailed(item, result.reason);
      if (result.lasting) await pass(item, result.reason);
      else {
        const versionHash = itemVersionHash(configuration, item);
        const failure = failureOf(item, { reason: result.reason, versionHash, before: failed.get(item.key) });
        if (failure.retry === null) again++;
        await fail(item.key, failure);
      }
      if (away >= awayInARow) throw new SourceUnavailable(result.reason);
    } else if (result.state === 'gone') leaving.set(item.key, async () => {});
    else if (result.state === 'empty') await pass(item, null);
    else done[result.state]++;
    taken++;
    if (taken % progressEvery === 0) await onProgress(counts());
  }

  async function removeOne(key: string): Promise<void> {
    signal.throwIfAborted();
    if (await remove(key)) done.removed++;
  }

  const items = new Map(known.map((item) => [item.key, item]));
  const failed = new Map(failing.map((item) => [item.key, item]));
  const wanted = { plugin, context, cursor, known: items, failing: failed, recall, configuration, account };
  const listing = await ingestItems(changedItems(list, wanted), {
    read: (item) =>
      readItem(reader, item, { source: row.source, versionHash: itemVersionHash(configuration, item), told: metadata }),
    store,
    signal,
    onResult,
  }).catch(async (error: unknown) => {
    if (resting !== null) await onProgress(counts());
    throw error;
  });
  signal.throwIfAborted();
  if (listing === undefined) throw new SourceError('has not told the end of its listing');
  const found = new Set(leaving.keys());
  // All that is to go is known, and allowed, before the first of it goes.
  const removed = itemsToRemove(known, account, listing, { found, allowRemovals });
  const asked = isDeleted ? itemsToCheck(known, account, listing, context.now()) : [];
  const gone = isDeleted ? await findDeleted(asked, isDeleted, { context, there: check }) : [];
  if (!allowRemovals) refuseMost(gone.length, asked.length);
  for (const key of [...removed, ...gone]) await removeOne(key);
  for (const settle of leaving.values()) await settle();
  await onProgress(counts());
  return { counts: counts(), next: again > 0 ? null : { cursor: listing.cursor, cursorHash: configuration } };
}
