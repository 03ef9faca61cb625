/** Tells how far the deletion of old dialogues has come. */
import type { ClientBase, Pool } from 'pg';

/** @returns the instant before which dialogues were deleted; null where none ever were */
export async function dialoguesDeletedBefore(db: Pool | ClientBase): Promise<Date | null> {
  const { rows } = await db.query<{ before: Date | null }>({
    name: 'dialogues-deleted-before',
    text: 'select max(deleted_before) as before from dialogue_retention_run where ai_dialogue_log > 0',
  });
  return rows[0]?.before ?? null;
}
