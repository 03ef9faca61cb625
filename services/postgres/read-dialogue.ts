/** Reads one dialogue of its owner. */
import type { ClientBase } from 'pg';
import { type DialogueRow, dialogueColumns } from './dialogue-row.ts';

/** Null where there is none, or it is somebody else's. */
export async function readDialogue(
  client: ClientBase,
  { userId, dialogueId }: { userId: string; dialogueId: string },
): Promise<DialogueRow | null> {
  const { rows } = await client.query<DialogueRow>({
    name: 'read-dialogue',
    text: `select ${dialogueColumns} from ai_dialogue_log dialogue where dialogue.id = $1 and dialogue.user_id = $2`,
    values: [dialogueId, userId],
  });
  return rows[0] ?? null;
}
