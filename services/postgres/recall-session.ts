/** Reads a session's last answered turns: context for a model. */
import type { ClientBase } from 'pg';
import type { PastTurn } from '../chat/turn.ts';

/** The last `limit` turns of this user in this session, oldest first. */
export async function recallSession(
  client: ClientBase,
  { userId, sessionId, limit }: { userId: string; sessionId: string; limit: number },
): Promise<readonly PastTurn[]> {
  const { rows } = await client.query<PastTurn>({
    name: 'recall-session',
    text: `
      select query, response as answer
      from ai_dialogue_log
      where session_id = $2 and user_id = $1
      order by created_at desc, id desc
      limit $3`,
    values: [userId, sessionId, limit],
  });
  return rows.reverse();
}
