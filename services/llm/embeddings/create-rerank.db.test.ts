import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddingsTestServer, startEmbeddingsServer } from '../../../test/kit/servers/embeddings-server.ts';
import { createRerank } from './create-rerank.ts';

let server: EmbeddingsTestServer;
beforeEach(async () => {
  server = await startEmbeddingsServer();
});
afterEach(() => server[Symbol.asyncDispose]());

const texts = ['first', 'second', 'third'];
const { signal } = new AbortController();

function reranker() {
  const results: string[] = [];
  const errors: unknown[] = [];
  let time = 0;
  const rerank = createRerank(
    { baseUrl: server.baseUrl, apiKey: 'k-19', model: 'ranker', timeoutMs: 20_000 },
    { clock: () => time, onResult: (result) => results.push(result), onUnavailable: (error) => errors.push(error) },
  );
  const wait = (ms: number) => {
    time += ms;
  };
  return { rerank, results, errors, wait };
}

test.each([
  [
    'Cohere, vLLM, llama.cpp',
    {
      results: [
        { index: 2, relevance_score: 0.9 },
        { index: 0, relevance_score: 0.4 },
        { index: 1, relevance_score: -3 },
      ],
    },
  ],
  [
    'Voyage',
    {
      data: [
        { index: 2, relevance_score: 0.9 },
        { index: 0, relevance_score: 0.4 },
        { index: 1, relevance_score: -3 },
      ],
    },
  ],
  [
    'TEI',
    [
      { index: 2, score: 0.9 },
      { index: 0, score: 0.4 },
      { index: 1, score: -3 },
    ],
  ],
])('scores are in the order of the texts: %s', async (_, body) => {
  server.behave(() => ({ body }));
  const { rerank, results } = reranker();
  expect(await rerank('which?', texts, signal)).toEqual([0.4, -3, 0.9]);
  expect(server.requests[0]).toMatchObject({
    path: '/v1/rerank',
    authorization: 'Bearer k-19',
    body: { model: 'ranker', query: 'which?', documents: texts },
  });
  expect(results).toEqual(['ok']);
});

test('a server without /v1/rerank is asked at /rerank, with the texts as TEI expects them', async () => {
  server.behave(({ path }) =>
    path === '/rerank' ? { body: texts.map((_, index) => ({ index, score: index })) } : { status: 404 },
  );
  const { rerank } = reranker();
  expect(await rerank('which?', texts, signal)).toEqual([0, 1, 2]);
  expect(await rerank('again?', texts, signal)).toEqual([0, 1, 2]);
  expect(server.requests.map(({ path }) => path)).toEqual(['/v1/rerank', '/rerank', '/rerank']);
  expect(server.requests[1]?.body).toMatchObject({ query: 'which?', texts });
});

test('an unavailable reranker leaves the order, is counted, and is left alone for a while', async () => {
  server.behave(() => ({ status: 403 }));
  const { rerank, results, errors, wait } = reranker();
  expect(await rerank('which?', texts, signal)).toBeNull();
  expect(await rerank('which?', texts, signal)).toBeNull();
  expect(server.requests).toHaveLength(1);
  expect(String(errors[0])).toContain('answered 403: check RERANK_API_KEY');
  server.behave(() => ({ body: texts.map((_, index) => ({ index, score: index })) }));
  wait(6_000);
  expect(await rerank('which?', texts, signal)).toEqual([0, 1, 2]);
  expect(results).toEqual(['unreachable', 'unreachable', 'ok']);
});

test.each([
  ['too few scores', { results: [{ index: 0, relevance_score: 1 }] }],
  ['no scores', { data: [{ embedding: [1] }] }],
])('a response with %s leaves the order', async (_, body) => {
  server.behave(() => ({ body }));
  const { rerank, errors } = reranker();
  expect(await rerank('which?', texts, signal)).toBeNull();
  expect(String(errors[0])).toContain('check that RERANK_MODEL is a reranker');
});
