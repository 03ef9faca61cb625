import { beforeEach, expect, test } from 'vitest';
import { embeddingsSettings, embedOnce, storeDocument } from '../../../test/kit/data/embedded-corpus.ts';
import { asRole } from '../../../test/kit/database/as-role.ts';
import { testDatabase } from '../../../test/kit/database/test-database.ts';
import {
  type EmbeddingsTestServer,
  meaningReply,
  startEmbeddingsServer,
} from '../../../test/kit/servers/embeddings-server.ts';
import type { SemanticResult } from '../../chat/search/semantic-search.ts';
import { openForQuestions } from '../../llm/embeddings/open-embeddings.ts';
import { createRetrieve } from './retrieve-passages.ts';
import { createSearchByMeaning } from './search-by-meaning.ts';

const db = await testDatabase();
const { pool: app } = asRole(db.url, 'rag_app');
const requester = { userId: 'learner-7', role: 'learner', groups: [] as string[], ip: null, country: null };
const now = new Date('2026-03-07T04:05:06Z');

beforeEach(() => db.query('truncate passage, passage_embedding, passage_term, provenance, embedding_model cascade'));

/** What a chat server does, with a clock that the test moves. */
function chatServer(baseUrl: string, { model = 'meanings-1', remoteModel = false } = {}) {
  const results: SemanticResult[] = [];
  const settings = embeddingsSettings(baseUrl, model);
  let time = 0;
  const byMeaning = createSearchByMeaning({
    pool: app,
    model,
    openEmbed: (name, passagePrefix) => openForQuestions(settings, name, passagePrefix),
    clock: () => time,
    onResult: (result) => results.push(result),
    onUnavailable: () => {},
  });
  const retrieve = createRetrieve({
    pool: app,
    remoteModel,
    commercialUse: false,
    now: () => now,
    searches: { byMeaning, rerank: null },
  });
  return {
    results,
    wait: (ms: number) => {
      time += ms;
    },
    async near(query: string, { groups = [] as string[], languages = null as string[] | null } = {}) {
      const filters =
        languages === null
          ? null
          : { sources: null, licenses: null, contentTypes: null, from: null, before: null, languages };
      const signal = new AbortController().signal;
      const search = {
        query,
        requester: { ...requester, groups },
        commercialUse: false,
        filters,
        now,
        limit: 3,
        signal,
      };
      const found = await byMeaning(search);
      return found?.passages ?? null;
    },
    async texts(query: string) {
      const signal = new AbortController().signal;
      const { passages } = await retrieve({ query, history: [], requester, signal });
      return passages.map(({ text }) => text);
    },
  };
}

const textOf = async (near: readonly { passageId: string }[] | null) => {
  const rows = await db.query<{ id: string; text: string }>('select id, text from passage');
  const texts = new Map(rows.map(({ id, text }) => [id, text]));
  return near?.map(({ passageId }) => texts.get(passageId)) ?? null;
};

async function filled(): Promise<EmbeddingsTestServer> {
  const server = await startEmbeddingsServer();
  await storeDocument(db.pool, 'A refund takes five days.\nBackups run at night.');
  await storeDocument(db.pool, 'バックアップは毎晩行います。', { language: 'ja' });
  await storeDocument(db.pool, 'The council refunds itself.', { accessPolicy: { readGroups: ['council'] } });
  await embedOnce(db.pool, server.baseUrl);
  return server;
}

test('a question finds passages that share no word with it, in its language and in others', async () => {
  await using server = await filled();
  const { near } = chatServer(server.baseUrl);
  const found = await near('返金はいつ？');
  expect((await textOf(found))?.[0]).toBe('A refund takes five days.');
  expect(found?.[0]?.similarity).toBeCloseTo(1, 5);
});

test('only readable passages are found, and filters apply', async () => {
  await using server = await filled();
  const { near } = chatServer(server.baseUrl);
  expect(await textOf(await near('refund'))).not.toContain('The council refunds itself.');
  expect(await textOf(await near('refund', { groups: ['council'] }))).toContain('The council refunds itself.');
  expect(await textOf(await near('backup', { languages: ['ja'] }))).toEqual(['バックアップは毎晩行います。']);
});

test('both searches are combined: what words and meaning find comes first', async () => {
  await using server = await filled();
  const { texts, results } = chatServer(server.baseUrl);
  expect((await texts('When do backups run?'))[0]).toBe('Backups run at night.');
  expect(await texts('When do backups run?')).toContain('バックアップは毎晩行います。');
  expect(results).toEqual(['ok', 'ok']);
});

test('an unreachable server leaves the search by words, is counted, and is left alone for a while', async () => {
  await using server = await filled();
  const chat = chatServer(server.baseUrl);
  await chat.texts('backups');
  server.behave(() => ({ status: 401 }));
  expect(await chat.texts('When do backups run?')).toEqual(['Backups run at night.']);
  const asked = server.requests.length;
  await chat.texts('When do backups run?');
  expect(server.requests).toHaveLength(asked);
  expect(chat.results).toEqual(['ok', 'unreachable', 'unreachable']);
  server.behave(meaningReply);
  chat.wait(6_000);
  await chat.texts('When do backups run?');
  expect(chat.results.at(-1)).toBe('ok');
});

test('the former model answers until the new one has all vectors', async () => {
  await using server = await filled();
  await storeDocument(db.pool, 'Passwords expire.');
  server.behave((request) => (request.body.model === 'meanings-2' ? { status: 401 } : meaningReply(request)));
  await embedOnce(db.pool, server.baseUrl);
  // The new model fails after its first request, which registers it.
  let answered = 0;
  server.behave((request) => {
    if (request.body.model !== 'meanings-2') return meaningReply(request);
    answered += 1;
    const larger = meaningReply(request).body as { data: { embedding: number[] }[] };
    return answered > 2 ? { status: 401 } : { body: larger.data.map(({ embedding }) => [...embedding, 0.5]) };
  });
  await embedOnce(db.pool, server.baseUrl, { model: 'meanings-2' });
  const chat = chatServer(server.baseUrl, { model: 'meanings-2' });
  expect((await textOf(await chat.near('パスワード')))?.[0]).toBe('Passwords expire.');
  expect(server.requests.at(-1)?.body.model).toBe('meanings-1');
});

test('vectors of another model under the same name are not compared', async () => {
  await using server = await filled();
  server.behave(({ body }) => ({ body: { data: body.input?.map(() => ({ embedding: [1, 2, 3, 4, 5] })) } }));
  const chat = chatServer(server.baseUrl);
  expect(await chat.near('refund')).toBeNull();
  expect(chat.results).toEqual(['not_ready']);
});

test('new passages are found once they have a vector, and removed ones no more', async () => {
  await using server = await filled();
  const chat = chatServer(server.baseUrl);
  await chat.near('password');
  await storeDocument(db.pool, 'Passwords expire.', { sourceUri: 'https://example.org/new' });
  await embedOnce(db.pool, server.baseUrl);
  chat.wait(11_000);
  await chat.near('password');
  await expect.poll(async () => (await textOf(await chat.near('password')))?.[0]).toBe('Passwords expire.');
  await storeDocument(db.pool, 'Nothing.', { sourceUri: 'https://example.org/new' });
  expect(await textOf(await chat.near('password'))).not.toContain('Passwords expire.');
});
