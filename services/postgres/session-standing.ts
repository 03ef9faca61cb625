/** Finds out whether a session is the asker's own. */
import type { ClientBase } from 'pg';

/** `unused`: nobody has asked anything in it yet. @param client within `asUser` */
export async function sessionStanding(client: ClientBase, sessionId: string): Promise<'own' | 'unused' | 'taken'> {
  const { rows } = await client.query<{ standing: 'own' | 'unused' | 'taken' }>({
    name: 'session-standing',
    text: 'select rag_session_ownership($1) as standing',
    values: [sessionId],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a function gives its value');
  return row.standing;
}
