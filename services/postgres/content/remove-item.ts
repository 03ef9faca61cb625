/**
 * Removes the content of an item that was deleted at its source, leaving a tombstone and an audit row, in one
 * transaction.
 */
import type { Pool } from 'pg';
import { inTransaction } from '../client/transaction.ts';
import { lockSourceItem, markItemGone } from '../sources/items.ts';
import { lockPassageCorpus, removePassages } from './passages.ts';
import { markContentRemoved } from './tombstones.ts';

/**
 * Like retention, it touches neither the material nor other versions of the content.
 * @param runId recorded in the audit
 * @returns whether the item had content
 */
export function removeSourceItem(
  pool: Pool,
  { source, key, runId }: { source: string; key: string; runId: string },
): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    await lockPassageCorpus(client);
    const item = await lockSourceItem(client, { source, key });
    if (item === null) return false;
    const { contentId, contentType, provenanceId } = item;
    const held = contentId !== null && contentType !== null && provenanceId !== null;
    if (held) {
      const passages = await removePassages(client, { contentId, contentType });
      await markContentRemoved(client, { provenanceId, runId, passages, reason: 'gone_at_source' });
    }
    await markItemGone(client, { source, key });
    return held;
  });
}
