import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { answeredTurn } from '../../../test/kit/data/answered-turn.ts';
import { bearer, serveApp } from '../../../test/kit/programs/serve-app.ts';
import { replyOf } from '../api/chat-reply.ts';
import { problemDocument } from '../api/problem.ts';
import { history, type PastDialogue } from './dialogues.ts';

function past(): PastDialogue {
  const turn = answeredTurn();
  return { ...replyOf(turn), askedAt: turn.askedAt, query: turn.query, vote: null };
}

test('the history is read page by page to its end', async () => {
  const rows = [past(), past(), past()];
  const userId = randomUUID();
  await using app = await serveApp({
    history: async (user, { limit, before }) => {
      expect(user).toBe(userId);
      const from = before === null ? 0 : rows.findIndex((row) => row.id === before) + 1;
      return rows.slice(from, from + limit);
    },
  });
  const headers = await bearer({ id: userId });
  const read = async (query: string) =>
    history.parse(await (await fetch(`${app.url}/api/ai/dialogues?${query}`, { headers })).json());
  const first = await read('limit=2');
  expect(first.dialogues.map((row) => row.id)).toEqual([rows[0]?.id, rows[1]?.id]);
  expect(first.dialogues[0]).toMatchObject({ askedAt: '2026-03-07T04:05:06.789Z', query: 'What is RAG?', vote: null });
  const last = await read(`limit=2&before=${first.next}`);
  expect(last.dialogues.map((row) => row.id)).toEqual([rows[2]?.id]);
  expect(last.next).toBeNull();
});

test.each([
  'limit=0',
  'limit=101',
  'limit=many',
  'limit=1.5',
  'limit=3&limit=5',
  'before=yesterday',
  'page=2',
  'limit=%00',
])('the parameter %s is rejected by name', async (query) => {
  await using app = await serveApp();
  const response = await fetch(`${app.url}/api/ai/dialogues?${query}`, { headers: await bearer() });
  expect(response.status).toBe(400);
  expect(problemDocument.parse(await response.json()).errors?.[0]?.field).toBe(query.split('=')[0]);
});
