/** Removes the content of an item that was deleted at its source: passages go, the tombstone and the audit stay; all or nothing. */
import type { Pool } from 'pg';
import { inTransaction } from '../client/transaction.ts';
import { lockSourceItem, markItemGone } from '../sources/items.ts';
import { lockPassageCorpus, removePassages } from './passages.ts';
import { markContentRemoved } from './tombstones.ts';

/**
 * As retention does it: neither the material nor another version of the content is touched.
 * @param given.runId what the audit names
 * @returns whether content went with it
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
