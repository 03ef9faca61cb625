/** Locks the provenance row of expired content, so that nobody replaces or removes the content meanwhile. */
import type { ClientBase } from 'pg';
import { ownsPassages } from './find-expired-content.ts';

/**
 * Call it under `lockPassageCorpus`.
 * @returns whether the content's passages are this version's; null where it was removed, or its time prolonged, since
 */
export async function lockExpiredContent(
  client: ClientBase,
  { provenanceId, at }: { provenanceId: string; at: Date },
): Promise<{ readonly ownsPassages: boolean } | null> {
  const { rows } = await client.query<{ ownsPassages: boolean }>({
    name: 'lock-expired-content',
    text: `
      select ${ownsPassages} as "ownsPassages" from provenance
      where id = $1 and expires_at <= $2 and removed_at is null and content_type <> 'ai_response'
      for update`,
    values: [provenanceId, at],
  });
  return rows[0] ?? null;
}
