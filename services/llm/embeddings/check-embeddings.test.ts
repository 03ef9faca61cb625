import { expect, test } from 'vitest';
import { startEmbeddingsServer } from '../../../test/kit/servers/embeddings-server.ts';
import { checkEmbeddings } from './check-embeddings.ts';

const signal = AbortSignal.timeout(30_000);
const settings = (baseUrl: string, apiKey?: string) => ({
  ...{ baseUrl, apiKey, model: 'bge-m3', prefixes: {}, batchSize: 4, timeoutMs: 500 },
});

test('one word is embedded', async () => {
  await using server = await startEmbeddingsServer();
  expect(await checkEmbeddings(settings(server.baseUrl), signal)).toEqual({
    state: 'ok',
    detail: 'bge-m3 gives vectors of 5 numbers',
  });
  expect(server.requests).toHaveLength(1);
});

test.each([
  [{ status: 401 }, 'sk-1', /answered 401/, /check EMBEDDINGS_API_KEY/],
  [{ status: 404 }, undefined, /answered 404/, /EMBEDDINGS_BASE_URL.*EMBEDDINGS_MODEL/],
  [{ body: { data: [] } }, undefined, /no vectors/, /EMBEDDINGS_MODEL is an embedding model/],
  [{}, '"sk-1"', /EMBEDDINGS_API_KEY is in quotation marks/, /remove them/],
])('%j is reported with what to do, without host and key', async (reply, key, detail, fix) => {
  await using server = await startEmbeddingsServer();
  server.behave(() => reply);
  const result = await checkEmbeddings(settings(server.baseUrl, key), signal);
  expect(result).toMatchObject({
    state: 'failed',
    detail: expect.stringMatching(detail),
    fix: expect.stringMatching(fix),
  });
  expect(JSON.stringify(result)).not.toMatch(/127\.0\.0\.1|sk-/);
});
