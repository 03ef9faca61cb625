import { expect, test } from 'vitest';
import { reply as replySchema } from '../../services/http/api/chat-reply.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';
import { startModelServer } from '../kit/servers/model-server.ts';

const db = await testDatabase();
await ingestSampleDocuments(db.url);
await db.query('update provenance set external_share_consent = false');
const model = await startModelServer();
const env = { LLM_BASE_URL: model.baseUrl, LLM_MODEL: 'gpt-4o-mini' };

test('documents without consent are withheld from a remote model, and used with one of the operator', async () => {
  const remote = await runChat(db.url, env);
  const withheld = replySchema.parse(await (await remote.ask({ query: 'What is RAG?' })).json());
  expect(withheld.withheld).toBeGreaterThan(0);
  expect(model.requests).toHaveLength(0);
  const own = await runChat(db.url, { ...env, LLM_TRUSTED: 'true' });
  const answered = replySchema.parse(await (await own.ask({ query: 'What is RAG?' })).json());
  expect(answered).toMatchObject({ outcome: 'answered', withheld: 0 });
  expect(model.requests).toHaveLength(1);
  await model.close();
});
