/** One item of a source → the content document that the store takes. */
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContentDocument } from '../../provenance/content.ts';
import type { Fetched, ListedItem, Transformed } from '../plugin.ts';
import type { ContentMetadata } from './content-metadata.ts';
import { makeDocument } from './make-document.ts';

/** What a plugin does to an item, its context told. */
export type ItemReader = {
  readonly fetch: (item: ListedItem) => Promise<Fetched | 'gone'>;
  readonly transform?: ((fetched: Fetched) => Promise<Transformed> | Transformed) | undefined;
};

/** @throws {SourceError} that says why it cannot be taken; whatever the plugin throws */
export async function readItem(
  { fetch, transform }: ItemReader,
  item: ListedItem,
  { source, versionHash, told }: { source: string; versionHash: string | null; told: ContentMetadata },
): Promise<ContentDocument | 'gone'> {
  const fetched = await fetch(item);
  if (fetched === 'gone') return 'gone';
  const path = item.key.startsWith('file:') ? fileURLToPath(item.key) : item.uri;
  const frame = {
    origin: { source, key: item.key, versionHash },
    uri: item.uri,
    path,
    title: basename(path, extname(path)) || item.uri,
    told,
    publishedAt: item.publishedAt ?? null,
  };
  return makeDocument(fetched, frame, transform);
}
