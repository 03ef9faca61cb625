/** Says which version of an item was stored, and how: what has another versionHash is taken in again. */
import { createHash } from 'node:crypto';
import type { SourceRow } from '../../provenance/source.ts';
import type { ContentMetadata } from '../ingest/content-metadata.ts';
import type { ListedItem, SourcePlugin } from '../plugin.ts';

/** Raised when what the readers make of the same bytes changes for the better, so that everything is taken in again. */
const readers = 1;

/** Of all that decides beside the item itself: plugin, configuration, metadata. */
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
