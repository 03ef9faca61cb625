/** Turns one item of a source into the document to store. */
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContentDocument, ContentOrigin } from '../../provenance/content.ts';
import type { Fetched, ListedItem, Transformed } from '../plugin.ts';
import type { ContentMetadata } from './content-metadata.ts';
import { makeDocument } from './make-document.ts';

/** A plugin's functions, bound to its context. */
export type ItemReader = {
  readonly fetch: (item: ListedItem) => Promise<Fetched | 'gone'>;
  readonly transform?: ((fetched: Fetched) => Promise<Transformed> | Transformed) | undefined;
};

/**
 * @param defaults metadata of the source and of the command; the item's own overrides it
 * @throws {SourceError} that says why it cannot be ingested; whatever the plugin throws
 */
export async function readItem(
  { fetch, transform }: ItemReader,
  item: ListedItem,
  { defaults, ...origin }: Omit<ContentOrigin, 'key'> & { readonly defaults: ContentMetadata },
): Promise<ContentDocument | 'gone'> {
  const fetched = await fetch(item);
  if (fetched === 'gone') return 'gone';
  const path = item.key.startsWith('file:') ? fileURLToPath(item.key) : item.uri;
  const frame = {
    origin: { ...origin, key: item.key },
    uri: item.uri,
    path,
    title: basename(path, extname(path)) || item.uri,
    defaults,
    publishedAt: item.publishedAt ?? null,
  };
  return makeDocument(fetched, frame, transform);
}
