/** Removes a document: its passages are deleted, its provenance row stays as a tombstone, and the audit says why. */
import type { ClientBase, Pool } from 'pg';
import type { ContentType } from '../../provenance/content.ts';
import { inTransaction } from '../client/transaction.ts';
import { lockSourceItem, markItemGone } from '../sources/items.ts';
import { lockPassageCorpus, removePassages } from './passages.ts';
import { markContentRemoved } from './tombstones.ts';

type Removal = {
  /** Recorded in the audit. */
  readonly runId: string;
  /** `removed_by_operator`: syncs skip the item from now on. */
  readonly reason: 'gone_at_source' | 'removed_by_operator';
};

/**
 * Like retention, it touches neither the material nor other versions of the document.
 * @returns whether the item had a document
 */
export function removeSourceItem(
  pool: Pool,
  { source, key }: { source: string; key: string },
  { runId, reason }: Removal,
): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    await lockPassageCorpus(client);
    const item = await lockSourceItem(client, { source, key });
    if (item === null) return false;
    const { contentId, contentType, provenanceId } = item;
    const held = contentId !== null && contentType !== null && provenanceId !== null;
    if (held) await removeContent(client, { contentId, contentType, provenanceId }, { runId, reason });
    await markItemGone(client, { source, key, excluded: reason === 'removed_by_operator' });
    return held;
  });
}

/** A document that operators see: its version when it was read, and the items that it was ingested from. */
export type StoredContent = {
  readonly provenanceId: string;
  readonly contentId: string;
  readonly contentType: ContentType;
  readonly source: string | null;
  readonly keys: readonly string[];
};

/**
 * Removes the current version of a document and marks every item that it was ingested from.
 * @returns the number of its passages; 0 if it was removed meanwhile
 */
export function removeDocument(pool: Pool, document: StoredContent, runId: string): Promise<number> {
  return inTransaction(pool, async (client) => {
    await lockPassageCorpus(client);
    const { contentId, contentType, source, keys } = document;
    const provenanceId = await lockCurrentProvenance(client, document);
    if (provenanceId === null) return 0;
    const content = { contentId, contentType, provenanceId };
    const passages = await removeContent(client, content, { runId, reason: 'removed_by_operator' });
    if (source !== null) for (const key of keys) await markItemGone(client, { source, key, excluded: true });
    return passages;
  });
}

/** Null: the document has no current version. Call it under `lockPassageCorpus`. */
async function lockCurrentProvenance(
  client: ClientBase,
  { contentId, contentType }: Pick<StoredContent, 'contentId' | 'contentType'>,
): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>({
    name: 'lock-current-provenance',
    text: `
      select id from provenance
      where content_id = $1 and content_type = $2 and superseded_at is null and removed_at is null
      for update`,
    values: [contentId, contentType],
  });
  return rows[0]?.id ?? null;
}

async function removeContent(
  client: ClientBase,
  {
    contentId,
    contentType,
    provenanceId,
  }: Pick<StoredContent, 'contentId' | 'contentType'> & { readonly provenanceId: string },
  { runId, reason }: Removal,
): Promise<number> {
  const passages = await removePassages(client, { contentId, contentType });
  await markContentRemoved(client, { provenanceId, runId, passages, reason });
  return passages;
}
