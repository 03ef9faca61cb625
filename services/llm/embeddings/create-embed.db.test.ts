import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type EmbeddingsTestServer,
  meaningReply,
  startEmbeddingsServer,
} from '../../../test/kit/servers/embeddings-server.ts';
import { createEmbed } from './create-embed.ts';
import { embeddingProfile } from './model-profiles.ts';

let server: EmbeddingsTestServer;
beforeEach(async () => {
  server = await startEmbeddingsServer();
});
afterEach(() => server[Symbol.asyncDispose]());

const embedWith = (
  model: string,
  { batchSize = 8, timeoutMs = 20_000, apiKey = undefined as string | undefined } = {},
) => createEmbed({ baseUrl: server.baseUrl, apiKey, model, ...embeddingProfile(model) }, { batchSize, timeoutMs });

test('texts are sent in batches, with the prefix of their kind and the key', async () => {
  const vectors = await embedWith('multilingual-e5-small', { batchSize: 2, apiKey: 'k-17' })(
    ['refund', 'backup', '返金'],
    'passage',
  );
  expect(server.requests.map(({ body }) => body.input)).toEqual([
    ['passage: refund', 'passage: backup'],
    ['passage: 返金'],
  ]);
  expect(server.requests[0]).toMatchObject({ path: '/v1/embeddings', authorization: 'Bearer k-17' });
  expect(vectors[2]).toEqual(vectors[0]);
  expect(vectors[1]).not.toEqual(vectors[0]);
});

test('a busy server is asked again after the time that it names', async () => {
  let calls = 0;
  server.behave((request) => {
    calls += 1;
    return calls < 3 ? { status: 429, headers: { 'retry-after': '0.01' } } : meaningReply(request);
  });
  expect(await embedWith('m')(['refund'], 'question')).toHaveLength(1);
  expect(calls).toBe(3);
});

test('a server that asks to wait longer than the time limit is not waited for', async () => {
  server.behave(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
  await expect(embedWith('m')(['refund'], 'question')).rejects.toThrow(/answered 429/);
  expect(server.requests).toHaveLength(1);
});

test('a request that is too large is sent in halves, and a text that is too long is cut', async () => {
  server.behave((request) => {
    const { input = [] } = request.body;
    const isTooLarge = input.length > 2 || input.some((text) => text.length > 150);
    return isTooLarge ? { status: 413 } : meaningReply(request);
  });
  const vectors = await embedWith('m')(['refund', 'backup', `返金${'あ'.repeat(300)}`, 'password'], 'passage');
  expect(vectors).toHaveLength(4);
  expect(vectors[2]).toEqual(vectors[0]);
});

test.each([
  ['a wrong key', { status: 401, body: { error: 'secret text' } }, /answered 401: check EMBEDDINGS_API_KEY/],
  ['an unknown model', { status: 404 }, /answered 404: check EMBEDDINGS_BASE_URL .* EMBEDDINGS_MODEL/],
  ['a body without vectors', { body: { choices: [] } }, /check that EMBEDDINGS_MODEL is an embedding model/],
])('%s is reported with what to check, and without text', async (_, reply, message) => {
  server.behave(() => reply);
  await expect(embedWith('m')(['refund'], 'question')).rejects.toThrow(message);
});

test('an unreachable server is reported as such', async () => {
  const embed = createEmbed(
    { baseUrl: 'http://127.0.0.1:1/v1', apiKey: undefined, model: 'm', ...embeddingProfile('m') },
    { batchSize: 8, timeoutMs: 500 },
  );
  await expect(embed(['refund'], 'question')).rejects.toThrow(
    /127\.0\.0\.1:1 (?:cannot be reached: check EMBEDDINGS_BASE_URL|gave no answer in 500 ms)/,
  );
});
