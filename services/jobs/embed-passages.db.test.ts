import { beforeEach, expect, test } from 'vitest';
import { embedOnce, storeDocument } from '../../test/kit/data/embedded-corpus.ts';
import { asRole } from '../../test/kit/database/as-role.ts';
import { testDatabase } from '../../test/kit/database/test-database.ts';
import { meaningOf, meaningReply, startEmbeddingsServer } from '../../test/kit/servers/embeddings-server.ts';
import { listEmbeddingModels } from '../postgres/embeddings/models.ts';
import { countEmbeddings, countEmbeddingsOf } from '../postgres/embeddings/vectors.ts';

const db = await testDatabase();
const { pool: worker } = asRole(db.url, 'rag_worker');

beforeEach(() => db.query('truncate passage, passage_embedding, passage_term, provenance, embedding_model cascade'));

const texts = (requests: readonly { body: { input?: readonly string[] } }[]) =>
  requests.flatMap(({ body }) => body.input ?? []).filter((text) => !text.startsWith('A model is known'));

test('every passage gets a vector, in batches, and later runs embed only what is new', async () => {
  await using server = await startEmbeddingsServer();
  await storeDocument(db.pool, 'A refund takes five days.\nBackups run at night.\nChange your password.');
  expect(await embedOnce(worker, server.baseUrl)).toMatchObject({
    state: 'succeeded',
    outcome: { embedded: 3, refused: 0 },
  });
  expect(server.requests.map(({ body }) => body.input?.length)).toEqual([1, 2, 1]);
  const [model] = await listEmbeddingModels(db.pool);
  expect(model).toMatchObject({ name: 'meanings-1', dimensions: 5 });
  expect(model?.completedAt).not.toBeNull();

  await storeDocument(db.pool, 'Holidays are announced in March.');
  const before = server.requests.length;
  await embedOnce(worker, server.baseUrl);
  expect(texts(server.requests.slice(before))).toEqual(['Holidays are announced in March.']);
  const vectors = await db.query<{ vector: number[] }>('select vector from passage_embedding order by id desc limit 1');
  expect(vectors[0]?.vector).toEqual(meaningOf('holiday'));
});

test('a run that ends early keeps what it has written, and the next one continues there', async () => {
  await using server = await startEmbeddingsServer();
  await storeDocument(db.pool, 'A refund.\nA backup.\nA password.\nA holiday.\nNothing.');
  server.behave((request) => {
    const isThird = server.requests.length === 3;
    return isThird ? { status: 401 } : meaningReply(request);
  });
  expect(await embedOnce(worker, server.baseUrl)).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('answered 401: check EMBEDDINGS_API_KEY'),
  });
  const [model] = await listEmbeddingModels(db.pool);
  expect(model?.completedAt).toBeNull();
  expect(await countEmbeddingsOf(db.pool, { model: 'meanings-1', trusted: true })).toEqual({
    embedded: 2,
    pending: 3,
    withheld: 0,
  });
  server.behave(meaningReply);
  expect(await embedOnce(worker, server.baseUrl)).toMatchObject({ outcome: { embedded: 3 } });
});

test('a server that is not trusted receives only passages whose owner consented to sharing', async () => {
  await using server = await startEmbeddingsServer();
  await storeDocument(db.pool, 'A secret backup.', { externalShareConsent: false });
  await storeDocument(db.pool, 'An open refund.');
  await embedOnce(worker, server.baseUrl, { trusted: false });
  expect(texts(server.requests)).toEqual(['An open refund.']);
  const [model] = await listEmbeddingModels(db.pool);
  expect(await countEmbeddings(db.pool, { modelId: model?.id ?? 0, trusted: false })).toEqual({
    embedded: 1,
    pending: 0,
    withheld: 1,
  });
});

test('a passage that the server refuses is left out, and the others of its batch are not', async () => {
  await using server = await startEmbeddingsServer();
  await storeDocument(db.pool, 'A refund.\nA curse.\nA backup.');
  server.behave((request) =>
    request.body.input?.some((text) => text.includes('curse')) ? { status: 400 } : meaningReply(request),
  );
  expect(await embedOnce(worker, server.baseUrl)).toMatchObject({ outcome: { embedded: 2, refused: 1 } });
});

test('the vectors of a document are deleted with its passages', async () => {
  await using server = await startEmbeddingsServer();
  await storeDocument(db.pool, 'A refund.\nA backup.', { sourceUri: 'https://example.org/one' });
  await embedOnce(worker, server.baseUrl);
  await storeDocument(db.pool, 'A holiday.', { sourceUri: 'https://example.org/one' });
  expect(await db.query('select from passage_embedding')).toHaveLength(0);
});

test('a model that answers differently under the same name is another model', async () => {
  await using server = await startEmbeddingsServer();
  await storeDocument(db.pool, 'A refund.');
  await embedOnce(worker, server.baseUrl);
  server.behave(({ body }) => ({ body: { data: body.input?.map(() => ({ embedding: [0, 1, 1, 0, 0] })) } }));
  await embedOnce(worker, server.baseUrl);
  expect((await listEmbeddingModels(db.pool)).map(({ name }) => name)).toEqual(['meanings-1', 'meanings-1']);
});
