/** Identifies the version of an item and the settings it was stored with: an item with another hash is ingested again. */
import { createHash } from 'node:crypto';
import type { SourceRow } from '../../provenance/source.ts';
import type { ContentMetadata } from '../ingest/content-metadata.ts';
import type { ListedItem, SourcePlugin } from '../plugin.ts';

/** Increased when the readers produce other text from the same bytes, so that everything is ingested again. */
const readers = 2;

/** Of everything but the item itself: plugin, configuration, metadata. */
export function configurationHash(
  { module, config, endpoint }: SourceRow,
  { version }: SourcePlugin,
  metadata: ContentMetadata,
): string {
  return hash(JSON.stringify([readers, module, version, config, endpoint, metadata]));
}

export function itemVersionHash(configuration: string, { version, uri }: ListedItem): string {
  return hash(JSON.stringify([configuration, version, uri]));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
