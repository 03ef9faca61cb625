/** Brings the documents of a source up to date: lists, fetches and stores changed items, removes deleted ones. */
import type { StoreContent } from '../../provenance/content.ts';
import type { FailingItem, Failure, KnownItem, SyncCounts, SyncStart } from '../../provenance/source.ts';
import { contentMetadata } from '../ingest/content-metadata.ts';
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
  /** Items that failed before and are to be tried again. */
  readonly failing: readonly FailingItem[];
  /** How such an item was listed; null: it is no longer stored. */
  readonly recall: (key: string) => Promise<unknown>;
  readonly start: SyncStart;
  readonly store: StoreContent;
  /** Removes an item's document, as retention does. @returns whether there was one */
  readonly remove: (key: string) => Promise<boolean>;
  /** Records why an item could not be ingested, and when it is tried again. */
  readonly fail: (key: string, failure: Failure) => Promise<void>;
  /** Records that this version of an item cannot be read, and why; null: it has no text. */
  readonly skip: (key: string, versionHash: string, reason: string | null) => Promise<void>;
  /** Records that an item was checked and still exists. */
  readonly check: (key: string) => Promise<void>;
  /** Counts the documents of the source that may not be used in answers. */
  readonly countUnusable: () => Promise<number>;
  /** Called from time to time. */
  readonly onProgress: (counts: SyncCounts) => Promise<void> | void;
  readonly onFailed: (item: ListedItem, reason: string) => void;
  /** Called for what was left out of a document. */
  readonly onNote: (item: ListedItem, note: string) => void;
  /** Whether more than half of the items may be removed at once. */
  readonly allowRemovals: boolean;
  readonly signal: AbortSignal;
};

export type SyncResult = {
  readonly counts: SyncCounts;
  /** Null: an item failed and could not be recorded for another attempt, so the next listing starts where this one did. */
  readonly next: SyncStart | null;
};

/** After this many unreachable items in a row the source is unavailable, and the items are not at fault. */
const maxUnreachable = 5;
const progressEvery = 50;

/** @throws {SourceError} if the source cannot be listed or is unavailable; the store's errors; the signal's reason */
export async function syncSource(source: OpenSource, deps: SyncDeps): Promise<SyncResult> {
  const { row, plugin, context, metadata } = source;
  const { known, failing, recall, start, store, remove, fail, skip, check, onProgress, onFailed, onNote } = deps;
  const { allowRemovals, signal } = deps;
  const { list, fetch, transform, isDeleted } = plugin;
  if (!list || !fetch) throw new SourceError('cannot be synced: its plugin has no list');
  const configuration = configurationHash(row, plugin, metadata);
  const hashOf = (item: ListedItem) => itemVersionHash(configuration, item);
  const cursor = start.cursorHash === configuration ? start.cursor : null;
  const items = new Map(known.map((item) => [item.key, item]));
  const failed = new Map(failing.map((item) => [item.key, item]));
  const state: ListingState = {
    seen: new Set(),
    unwanted: new Set(),
    listed: 0,
    unchanged: 0,
    waiting: 0,
    excluded: 0,
  };
  const done = { created: 0, replaced: 0, unchanged: 0, removed: 0, failed: 0, skipped: 0, unusable: 0 };
  const counts = (): SyncCounts => ({
    ...done,
    listed: state.listed,
    unchanged: done.unchanged + state.unchanged,
    failed: done.failed + state.waiting,
    skipped: done.skipped + state.excluded,
  });
  let unreachable = 0;
  let waitUntil: SourceUnavailable | null = null;
  let results = 0;
  /** Items that the next sync must list again. */
  let listAgain = 0;
  /** Items without a document from now on, and what to record of them: removed at the end, when their number is known. */
  const leaving = new Map<string, () => Promise<void>>();

  const reader = {
    async fetch(item: ListedItem) {
      try {
        const fetched = await withTimeout(fetch(item, context), defaultTimeoutMs, signal);
        unreachable = 0;
        return fetched;
      } catch (error) {
        if (error instanceof SourceUnavailable) unreachable++;
        if (error instanceof SourceUnavailable && error.until !== null) waitUntil = error;
        throw error;
      }
    },
    transform: transform && ((fetched: Parameters<typeof transform>[0]) => transform(fetched, context)),
  };

  function read(item: ListedItem) {
    // What an operator stated for this item is more specific than the source's metadata, and no sync takes it away.
    const stated = contentMetadata.safeParse(items.get(item.key)?.stated ?? {}).data;
    const defaults = { ...metadata, ...stated };
    return readItem(reader, item, { source: row.source, versionHash: hashOf(item), defaults });
  }

  /** Recorded at once if there is no document to remove, so that the next sync skips it even if this one ends early. */
  async function pass(item: ListedItem, reason: string | null): Promise<void> {
    const settle = () => skip(item.key, hashOf(item), reason);
    if (items.get(item.key)?.hasContent) leaving.set(item.key, settle);
    else await settle();
  }

  async function onResult(item: ListedItem, result: ItemResult): Promise<void> {
    if (result.state === 'failed') {
      // The source asked to wait: the item is not at fault and is ingested later.
      if (waitUntil !== null) throw waitUntil;
      done.failed++;
      onFailed(item, result.reason);
      if (result.lasting) await pass(item, result.reason);
      else {
        const failure = failureOf(item, {
          reason: result.reason,
          versionHash: hashOf(item),
          before: failed.get(item.key),
        });
        if (failure.retry === null) listAgain++;
        await fail(item.key, failure);
      }
      if (unreachable >= maxUnreachable) throw new SourceUnavailable(result.reason);
    } else if (result.state === 'gone') leaving.set(item.key, async () => {});
    else {
      for (const note of result.document.notes ?? []) onNote(item, note);
      if (result.state === 'empty') {
        done.skipped++;
        await pass(item, null);
      } else done[result.state]++;
    }
    results++;
    if (results % progressEvery === 0) await onProgress(counts());
  }

  const changed = changedItems(list, {
    plugin,
    context,
    cursor,
    known: items,
    failing: failed,
    recall,
    configuration,
    state,
  });
  const listing = await ingestItems(changed, { read, store, signal, onResult }).catch(async (error: unknown) => {
    if (waitUntil !== null) await onProgress(counts());
    throw error;
  });
  signal.throwIfAborted();
  if (listing === undefined) throw new SourceError('did not finish its listing');
  // The removals are complete and allowed before the first one is made.
  const found = new Set(leaving.keys());
  const removed = itemsToRemove(known, state, listing, { found, allowRemovals });
  const unlisted = isDeleted ? itemsToCheck(known, state, listing, context.now()) : [];
  const deleted = isDeleted ? await findDeleted(unlisted, isDeleted, { context, exists: check }) : [];
  if (!allowRemovals) refuseMost(deleted.length, unlisted.length);
  for (const key of [...removed, ...deleted]) {
    signal.throwIfAborted();
    if (await remove(key)) done.removed++;
  }
  for (const settle of leaving.values()) await settle();
  done.unusable = await deps.countUnusable();
  await onProgress(counts());
  return { counts: counts(), next: listAgain > 0 ? null : { cursor: listing.cursor, cursorHash: configuration } };
}
