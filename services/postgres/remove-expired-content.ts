/** Removes one expired content: its passages go, its provenance row is marked, the audit tells of it; all or nothing. */
import type { Pool } from 'pg';
import type { ExpiredContent } from '../retention/expired-content.ts';
import { inTransaction } from './in-transaction.ts';
import { lockExpiredContent } from './lock-expired-content.ts';
import { lockPassageCorpus } from './lock-passage-corpus.ts';
import { markContentRemoved } from './mark-content-removed.ts';
import { removePassages } from './remove-passages.ts';

/**
 * Nothing else is touched: not the material, which is the LMS's, and no other version of the content.
 * @param run.runId what the audit names
 * @returns what was removed; null where it was removed before, or its retention was prolonged
 */
export function removeExpiredContent(
  pool: Pool,
  content: ExpiredContent,
  { at, runId }: { at: Date; runId: string },
): Promise<ExpiredContent | null> {
  const { provenanceId } = content;
  return inTransaction(pool, async (client) => {
    await lockPassageCorpus(client);
    const locked = await lockExpiredContent(client, { provenanceId, at });
    if (locked === null) return null;
    const passages = locked.ownsPassages ? await removePassages(client, content) : 0;
    await markContentRemoved(client, { provenanceId, runId, passages, reason: 'expired' });
    return { ...content, passages };
  });
}
