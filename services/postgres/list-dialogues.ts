/** Reads a user's own dialogues, newest first. */
import type { ClientBase } from 'pg';
import { type DialogueRow, dialogueColumns } from './dialogue-row.ts';

/** @param before id of a dialogue of this user: only older ones are given; null starts at the newest */
export async function listDialogues(
  client: ClientBase,
  { userId, limit, before }: { userId: string; limit: number; before: string | null },
): Promise<readonly DialogueRow[]> {
  const { rows } = await client.query<DialogueRow>({
    name: 'list-dialogues',
    text: `
      select ${dialogueColumns}
      from ai_dialogue_log dialogue
      where dialogue.user_id = $1
        -- A bound that the index takes: without it, all that is newer would be read first.
        and dialogue.created_at <= case when $3::uuid is null then 'infinity' else (
          select mark.created_at from ai_dialogue_log mark where mark.id = $3 and mark.user_id = $1
        ) end
        and ($3::uuid is null or (dialogue.created_at, dialogue.id) < (
          select mark.created_at, mark.id from ai_dialogue_log mark where mark.id = $3 and mark.user_id = $1
        ))
      order by dialogue.created_at desc, dialogue.id desc
      limit $2`,
    values: [userId, limit, before],
  });
  return rows;
}
