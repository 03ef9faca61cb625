/** Reads items and stores them, a few at a time. An item that fails is reported, and the others continue. */
import type { ContentDocument, StoreContent } from '../../provenance/content.ts';
import type { ListedItem } from '../plugin.ts';
import { SourceError, SourceUnreadable } from '../source-error.ts';

export type ItemResult =
  | { readonly state: 'created' | 'replaced' | 'unchanged'; readonly document: ContentDocument }
  /** It has no text, so nothing was stored. */
  | { readonly state: 'empty'; readonly document: ContentDocument }
  | { readonly state: 'gone' }
  /** `lasting`: until the item changes. */
  | { readonly state: 'failed'; readonly reason: string; readonly lasting: boolean };

export type IngestItems = {
  /** @throws {SourceError} whose message is reported */
  readonly read: (item: ListedItem) => Promise<ContentDocument | 'gone'>;
  readonly store: StoreContent;
  readonly onResult: (item: ListedItem, result: ItemResult) => Promise<void> | void;
  /** Once aborted, items that have not been started stay as they are. */
  readonly signal: AbortSignal | undefined;
};

/** Items read or stored at a time: one is parsed while others wait for the disk, the network or the database. */
const concurrency = 4;
/** After this many failures in a row the store is unavailable, and the items are not at fault. */
const maxStoreFailures = 3;

/**
 * @returns what the listing returned; undefined if the signal ended it
 * @throws what the listing throws, and what the store throws once it fails several times in a row; what was stored is kept
 */
export async function ingestItems<Listing>(
  items: AsyncGenerator<ListedItem, Listing>,
  { read, store, onResult, signal }: IngestItems,
): Promise<Listing | undefined> {
  const stored = new Map<string, string>();
  let listing: { value: Listing } | undefined;
  let storeFailures = 0;
  let broken = false;

  async function work(): Promise<void> {
    try {
      while (!broken && !signal?.aborted) {
        const next = await items.next();
        if (next.done === true) {
          // Only the first to reach the end receives what the listing returns.
          if (listing === undefined && next.value !== undefined) listing = { value: next.value };
          return;
        }
        const result = await ingestItem(next.value);
        if (result !== null) await onResult(next.value, result);
      }
    } catch (error) {
      broken = true;
      throw error;
    }
  }

  /** Null: the signal ended it. */
  async function ingestItem(item: ListedItem): Promise<ItemResult | null> {
    let document: ContentDocument | 'gone';
    try {
      document = await read(item);
    } catch (error) {
      return signal?.aborted ? null : failed(reasonOf(error), error instanceof SourceUnreadable);
    }
    if (document === 'gone') return { state: 'gone' };
    if (document.passages.length === 0) return { state: 'empty', document };
    const content = `${document.contentType} ${document.sourceUri}`;
    const other = stored.get(content);
    if (other !== undefined) {
      return failed(`has the same sourceUri as ${other}, so one would replace the other`);
    }
    stored.set(content, document.path);
    return storeOne(document);
  }

  async function storeOne(document: ContentDocument): Promise<ItemResult> {
    try {
      const state = await store(document);
      storeFailures = 0;
      return { state, document };
    } catch (error) {
      storeFailures++;
      if (storeFailures >= maxStoreFailures) throw error;
      return failed(`could not be stored: ${error instanceof Error ? error.message : error}`);
    }
  }

  const workers = await Promise.allSettled(Array.from({ length: concurrency }, work));
  // Not awaited: a listing that hangs would block this too.
  if (listing === undefined) items.return(undefined as Listing).catch(() => {});
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  return listing?.value;
}

function failed(reason: string, lasting = false): ItemResult {
  return { state: 'failed', reason, lasting };
}

/** The message of an unexpected error may quote the item's text, so only its name is reported. */
export function reasonOf(error: unknown): string {
  if (error instanceof SourceError) return error.message;
  return `could not be read: the reader failed (${error instanceof Error ? error.name : 'unknown error'})`;
}
