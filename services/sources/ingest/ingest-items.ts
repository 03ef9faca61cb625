/** Reads items and stores them, a few at a time; one that cannot be taken is told, and the rest goes on. */
import type { ContentDocument, StoreContent } from '../../provenance/content.ts';
import type { ListedItem } from '../plugin.ts';
import { SourceError, SourceUnreadable } from '../source-error.ts';

export type ItemResult =
  | { readonly state: 'created' | 'replaced' | 'unchanged'; readonly document: ContentDocument }
  /** It holds no text, so nothing was stored. */
  | { readonly state: 'empty'; readonly document: ContentDocument }
  | { readonly state: 'gone' }
  /** `lasting`: it stays so until the item changes. */
  | { readonly state: 'failed'; readonly reason: string; readonly lasting: boolean };

export type IngestItems = {
  /** @throws {SourceError} whose message is told */
  readonly read: (item: ListedItem) => Promise<ContentDocument | 'gone'>;
  readonly store: StoreContent;
  readonly onResult: (item: ListedItem, taken: ItemResult) => Promise<void> | void;
  /** Once aborted, items that are not begun stay as they are. */
  readonly signal: AbortSignal | undefined;
};

/** Items read or stored at a time: one is parsed while others wait for the disk, the network or the database. */
const atOnce = 4;
/** When the store refuses this many in a row, it is away, and the items are not at fault. */
const refusalsInARow = 3;

/**
 * @returns what the listing returned; undefined where the signal ended it
 * @throws what the listing throws, and whatever the store throws once it refuses several items in a row; what was taken is kept
 */
export async function ingestItems<Listing>(
  items: AsyncGenerator<ListedItem, Listing>,
  { read, store, onResult, signal }: IngestItems,
): Promise<Listing | undefined> {
  const taken = new Map<string, string>();
  let listing: { value: Listing } | undefined;
  let refusals = 0;
  let broken = false;

  async function work(): Promise<void> {
    try {
      while (!broken && !signal?.aborted) {
        const next = await items.next();
        if (next.done === true) {
          // Only the first who comes to the end is told what the listing returns.
          if (listing === undefined && next.value !== undefined) listing = { value: next.value };
          return;
        }
        const taken = await take(next.value);
        if (taken !== null) await onResult(next.value, taken);
      }
    } catch (error) {
      broken = true;
      throw error;
    }
  }

  /** Null: the signal ended it. */
  async function take(item: ListedItem): Promise<ItemResult | null> {
    let document: ContentDocument | 'gone';
    try {
      document = await read(item);
    } catch (error) {
      return signal?.aborted ? null : failed(reasonOf(error), error instanceof SourceUnreadable);
    }
    if (document === 'gone') return { state: 'gone' };
    if (document.passages.length === 0) return { state: 'empty', document };
    const content = `${document.contentType} ${document.sourceUri}`;
    const other = taken.get(content);
    if (other !== undefined) {
      return failed(`has the same sourceUri as ${other}, so one would replace the other`);
    }
    taken.set(content, document.path);
    return storeOne(document);
  }

  async function storeOne(document: ContentDocument): Promise<ItemResult> {
    try {
      const state = await store(document);
      refusals = 0;
      return { state, document };
    } catch (error) {
      refusals++;
      if (refusals >= refusalsInARow) throw error;
      return failed(`could not be stored: ${error instanceof Error ? error.message : error}`);
    }
  }

  const workers = await Promise.allSettled(Array.from({ length: atOnce }, work));
  // Not waited for: a listing that is stuck would keep us.
  if (listing === undefined) items.return(undefined as Listing).catch(() => {});
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  return listing?.value;
}

function failed(reason: string, lasting = false): ItemResult {
  return { state: 'failed', reason, lasting };
}

/** An item may be broken in ways that nobody thought of; it is still one item, and its text stays out of the report. */
export function reasonOf(error: unknown): string {
  if (error instanceof SourceError) return error.message;
  return `could not be read: the reader failed (${error instanceof Error ? error.name : 'unknown error'})`;
}
