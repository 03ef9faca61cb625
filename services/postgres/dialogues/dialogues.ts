/** Statements on a user's own dialogues: list, read, recall a session, vote. */
import type { ClientBase } from 'pg';
import { type DialogueRow, dialogueColumns } from './dialogue-row.ts';

/**
 * Lists a user's own dialogues, newest first.
 * @param before id of a dialogue of this user: only older ones are returned; null: start at the newest
 */
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
        -- A bound for the index: without it, all newer dialogues would be read first.
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

/** Reads one of a user's own dialogues; null if it does not exist or belongs to another user. */
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

/**
 * Finds the user's session that contains the most of these questions, the newest of several, among their last 200 dialogues.
 * Undefined: no session contains the first of them.
 * @param earlier the questions before the current one, newest first
 */
export async function findSession(
  client: ClientBase,
  { userId, earlier }: { userId: string; earlier: readonly string[] },
): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>({
    name: 'find-session',
    text: `
      select recent.session_id as id
      from (
        select session_id, query, created_at
        from ai_dialogue_log
        where user_id = $1 and session_id is not null
        order by created_at desc, id desc
        limit 200
      ) as recent
      where recent.query = any($2::text[])
      group by recent.session_id
      having bool_or(recent.query = ($2::text[])[1])
      order by count(distinct recent.query) desc, max(recent.created_at) desc
      limit 1`,
    values: [userId, earlier],
  });
  return rows[0]?.id;
}

/**
 * Reads whether a session belongs to the user, to another one (`taken`), or to none yet (`unused`).
 * @param client within `asUser`
 */
export async function sessionOwnership(client: ClientBase, sessionId: string): Promise<'own' | 'unused' | 'taken'> {
  const { rows } = await client.query<{ ownership: 'own' | 'unused' | 'taken' }>({
    name: 'session-ownership',
    text: 'select rag_session_ownership($1) as ownership',
    values: [sessionId],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a function call returned no row');
  return row.ownership;
}

/** Stores a user's vote on their own dialogue. @returns false if it does not exist or belongs to another user */
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
