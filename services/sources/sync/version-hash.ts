/** Says which version of an item was stored, and how: what has another stamp is taken in again. */
import { createHash } from 'node:crypto';
import type { SourceRow } from '../../provenance/source.ts';
import type { ContentFacts } from '../ingest/content-metadata.ts';
import type { ListedItem, SourcePlugin } from '../plugin.ts';

/** Raised when what the readers make of the same bytes changes for the better, so that everything is taken in again. */
const readers = 1;

/** Of all that decides beside the item itself: plugin, configuration, facts. */
export function configurationStamp(
  { module, config, endpoint }: SourceRow,
  { version }: SourcePlugin,
  facts: ContentFacts,
): string {
  return hash(JSON.stringify([readers, module, version, config, endpoint, facts]));
}

export function itemStamp(configuration: string, { version, uri }: ListedItem): string {
  return hash(JSON.stringify([configuration, version, uri]));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
