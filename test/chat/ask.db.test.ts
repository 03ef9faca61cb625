import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reply as replySchema } from '../../services/http/api/chat-reply.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';

const db = await testDatabase();
await ingestSampleDocuments(db.url);
const chat = await runChat(db.url);

async function answer(query: string, more: Record<string, unknown> = {}) {
  const response = await chat.ask({ query, ...more });
  expect(response.status).toBe(200);
  return replySchema.parse(await response.json());
}

test.each([
  ['What is RAG?', /retriev/i],
  ['検索拡張生成とは何ですか？', /検索/],
])('%s is answered with citations from the documents, and stored with its provenance', async (query, about) => {
  const reply = await answer(query);
  expect(reply).toMatchObject({ outcome: 'answered', model: 'extractive', costJpy: 0, withheld: 0, citationRate: 100 });
  expect(reply.answer).toMatch(about);
  expect(reply.citations.length).toBeGreaterThan(0);
  for (const citation of reply.citations) {
    expect(citation).toMatchObject({ valid: true, sourceType: 'material' });
    const [passage] = await db.query('select text from passage where id = $1', [citation.passageId]);
    expect(fold(passage?.text)).toContain(fold(citation.excerpt));
  }
  expect(reply.relevanceScore).toBeGreaterThan(0.3);

  const [row] = await db.query(
    `select d.*, p.hash_sha256, p.license_type from ai_dialogue_log d join provenance p on p.dialogue_id = d.id
     where d.id = $1`,
    [reply.id],
  );
  expect(row).toMatchObject({
    session_id: reply.sessionId,
    query,
    response: reply.answer,
    citations: reply.citations,
    token_cost_jpy: 0,
    citation_rate: reply.citationRate,
    relevance_score: reply.relevanceScore,
    latency_ms: reply.latencyMs,
    license_type: reply.license,
    hash_sha256: createHash('sha256').update(reply.answer).digest('hex'),
    user_feedback: null,
  });
});

test.each([
  ['How do I bake sourdough bread?', /^[^\p{Script=Han}]+$/u],
  ['東京タワーの高さは何メートルですか？', /\p{Script=Hiragana}/u],
])('%s is reported as not found in its own language, and recorded like any other question', async (query, language) => {
  const reply = await answer(query);
  expect(reply).toMatchObject({ outcome: 'no_answer', citations: [], citationRate: 0, license: null });
  expect(reply.answer).toMatch(language);
  expect(await db.query('select outcome, response from ai_dialogue_log where id = $1', [reply.id])).toEqual([
    { outcome: 'no_answer', response: reply.answer },
  ]);
});

test('a request with the content type text/plain is answered, as in the specification', async () => {
  const response = await chat.ask(JSON.stringify({ query: 'What is RAG?' }), {
    headers: { 'content-type': 'text/plain;charset=UTF-8' },
  });
  const data = replySchema.parse(await response.json());
  expect(data.citations).toBeDefined();
});

test('a streamed answer consists of drafts and one done event with the stored reply', async () => {
  const response = await chat.ask({ query: 'What is RAG?', stream: true });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const events = (await response.text())
    .split('\n\n')
    .filter((block) => block.startsWith('event:'))
    .map((block) => ({
      event: /^event: ?(.*)$/m.exec(block)?.[1],
      data: JSON.parse(/^data: ?(.*)$/m.exec(block)?.[1] ?? 'null'),
    }));
  expect(events.at(-1)?.event).toBe('done');
  expect(events.slice(0, -1).every(({ event }) => event === 'delta')).toBe(true);
  expect(events.length).toBeGreaterThan(1);
  const reply = events.at(-1)?.data;
  expect(await db.query('select response from ai_dialogue_log where id = $1', [reply.id])).toEqual([
    { response: reply.answer },
  ]);
});

test('users read and vote on their own answers only', async () => {
  const mine = await chat.token('mine@example.com');
  const theirs = await chat.token('theirs@example.com');
  const asked = replySchema.parse(await (await chat.ask({ query: 'What is RAG?' }, { token: mine })).json());
  const vote = (token: string, value: number) =>
    fetch(`${chat.origin}/api/ai/dialogues/${asked.id}/feedback`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ vote: value }),
    });
  const history = async (token: string) =>
    (await fetch(`${chat.origin}/api/ai/dialogues`, { headers: { authorization: `Bearer ${token}` } })).json();

  expect((await vote(mine, -1)).status).toBe(200);
  expect((await vote(theirs, 1)).status).toBe(404);
  expect(await history(mine)).toMatchObject({ dialogues: [{ id: asked.id, query: 'What is RAG?', vote: -1 }] });
  expect(await history(theirs)).toMatchObject({ dialogues: [] });
  const stolen = await chat.ask({ query: 'and then?', sessionId: asked.sessionId }, { token: theirs });
  expect(stolen.status).toBe(404);
});

test('a question sent twice with one Idempotency-Key gets one answer and one row', async () => {
  const token = await chat.token('twice@example.com');
  const send = () => chat.ask({ query: 'What is RAG?' }, { token, headers: { 'idempotency-key': 'once-only' } });
  const first = replySchema.parse(await (await send()).json());
  const second = await send();
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(replySchema.parse(await second.json())).toEqual(first);
  expect(
    await db.query(
      'select count(*) from ai_dialogue_log where user_id = (select user_id from ai_dialogue_log where id = $1)',
      [first.id],
    ),
  ).toEqual([{ count: 1 }]);
});

test('for any text the reply is an answer or a 4xx problem document, and no row is incomplete', async () => {
  const before = await rows();
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (query) => {
      const response = await chat.ask({ query });
      const body = await response.json();
      if (response.status === 200) answered += 1;
      else {
        expect(response.status).toBe(400);
        expect(response.headers.get('content-type')).toContain('application/problem+json');
        expect(body).toMatchObject({ status: 400, type: expect.any(String), detail: expect.any(String) });
      }
    }),
    { numRuns: 60 },
  );
  expect(await rows()).toEqual({ dialogues: before.dialogues + answered, provenance: before.provenance + answered });

  async function rows() {
    const [counts] = await db.query<{ dialogues: number; provenance: number }>(
      `select (select count(*) from ai_dialogue_log) as dialogues,
         (select count(*) from provenance where content_type = 'ai_response') as provenance`,
    );
    return { dialogues: counts?.dialogues ?? -1, provenance: counts?.provenance ?? -1 };
  }
});

test('the log contains neither questions nor answers', async () => {
  const marker = 'zanzibarmarker';
  await answer(`What is RAG, ${marker}?`);
  await chat.ask(`{"query": "${marker}", "nonsense": 1}`);
  await chat.ask(`{"query": "${marker}`);
  expect(chat.logged.length).toBeGreaterThan(0);
  expect(chat.logged.join('\n')).not.toContain(marker);
});

function fold(text: string | undefined): string {
  return (text ?? '').normalize('NFKC').replace(/\s+/g, '');
}
