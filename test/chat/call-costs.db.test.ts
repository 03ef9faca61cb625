import { expect, test } from 'vitest';
import { reply as replySchema } from '../../services/http/api/chat-reply.ts';
import { connect } from '../../services/postgres/client/connect.ts';
import { insertCallCost } from '../../services/postgres/dialogues/call-costs.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';
import { startModelServer } from '../kit/servers/model-server.ts';

const db = await testDatabase();
await ingestSampleDocuments(db.url);
await db.query('update provenance set external_share_consent = true');

const lost = {
  model: 'gpt-4o-mini-2024-07-18',
  choices: [{ index: 0, delta: { content: 'It ' } }],
  usage: {
    prompt_tokens: 1_000,
    completion_tokens: 10,
    total_tokens: 1_010,
    prompt_tokens_details: { cached_tokens: 7 },
  },
};

test('a call that was retried is a row with its tokens and its cost, apart from the answer', async () => {
  const model = await startModelServer();
  model.behave(
    { kind: 'script', steps: [[0, `data: ${JSON.stringify(lost)}\n\n`]] },
    { kind: 'answer', pieces: ['It looks things up [1].'], model: 'gpt-4o-mini-2024-07-18' },
  );
  const chat = await runChat(db.url, { LLM_BASE_URL: model.baseUrl, LLM_MODEL: 'gpt-4o-mini' });
  const reply = replySchema.parse(await (await chat.ask({ query: 'What is RAG?' })).json());
  expect(reply.outcome).toBe('answered');
  await chat.close();
  const rows = await db.query(
    'select kind, model, prompt_tokens, cached_prompt_tokens, completion_tokens, cost_jpy::float8 as yen from call_cost',
  );
  expect(rows).toEqual([
    {
      kind: 'retried',
      model: 'gpt-4o-mini-2024-07-18',
      prompt_tokens: 1_000,
      cached_prompt_tokens: 7,
      completion_tokens: 10,
      yen: expect.closeTo(((993 * 0.15 + 7 * 0.075 + 10 * 0.6) / 1e6) * 150, 6),
    },
  ]);
  await model.close();
});

test('the worker may add the cost of a judgement, also one without a price', async () => {
  const worker = connect(db.url, { name: 'test-worker', role: 'rag_worker' });
  const usage = { promptTokens: 3, cachedPromptTokens: 0, completionTokens: 2, totalTokens: 5 };
  await insertCallCost(worker, { at: new Date(), kind: 'judge', model: 'unknown', usage, costJpy: null });
  await worker.end();
  expect(await db.query(`select cost_jpy from reporting.call_costs where kind = 'judge'`)).toEqual([
    { cost_jpy: null },
  ]);
});
