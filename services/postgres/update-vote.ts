/** Writes a user's vote on an answer of their own. */
import type { ClientBase } from 'pg';

/** False where there is no such dialogue, or it is somebody else's. */
export async function updateVote(
  client: ClientBase,
  { userId, dialogueId, vote }: { userId: string; dialogueId: string; vote: -1 | 0 | 1 },
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'update-vote',
    text: 'update ai_dialogue_log set user_feedback = $3 where id = $1 and user_id = $2',
    values: [dialogueId, userId, vote],
  });
  return rowCount === 1;
}
