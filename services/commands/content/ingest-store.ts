/** Connects `cli -- ingest` to the database: stores documents, and finds and removes those of deleted files. */
import { randomUUID } from 'node:crypto';
import type { Pool } from '../../postgres/client/connect.ts';
import { removeSourceItem } from '../../postgres/content/remove-item.ts';
import { createStoreContent } from '../../postgres/content/store-content.ts';
import { readKeysBelow } from '../../postgres/sources/items.ts';
import type { StoreContent } from '../../provenance/content.ts';
import { localSource as source } from '../../provenance/source.ts';

export function createIngestStore(pool: Pool): {
  readonly store: StoreContent;
  readonly knownBelow: (directory: string) => Promise<readonly string[]>;
  readonly remove: (key: string) => Promise<boolean>;
} {
  const runId = randomUUID();
  return {
    store: createStoreContent(pool),
    knownBelow: (directory) => readKeysBelow(pool, { source, prefix: directory }),
    remove: (key) => removeSourceItem(pool, { source, key }, { runId, reason: 'gone_at_source' }),
  };
}
