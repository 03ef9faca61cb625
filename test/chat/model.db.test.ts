import { expect, test } from 'vitest';
import { reply as replySchema } from '../../services/http/api/chat-reply.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { ingestSampleDocuments, runChat } from '../kit/programs/chat-service.ts';
import { startModelServer } from '../kit/servers/model-server.ts';

const db = await testDatabase();
await ingestSampleDocuments(db.url);
// A remote model may only see documents with consent.
await db.query('update provenance set external_share_consent = true');
const model = await startModelServer();
const chat = await runChat(db.url, {
  LLM_BASE_URL: model.baseUrl,
  LLM_MODEL: 'gpt-4o-mini',
  LLM_API_KEY: 'a-key',
  LLM_TIMEOUT_MS: '2000',
});

test('a model’s answer is priced, cited and recorded with the model’s name and without a score', async () => {
  model.behave({
    kind: 'answer',
    pieces: ['Retrieval-augmented generation ', 'looks things up first [1].'],
    usage: {
      prompt_tokens: 1_103,
      completion_tokens: 17,
      total_tokens: 1_120,
      prompt_tokens_details: { cached_tokens: 1_024 },
    },
    model: 'gpt-4o-mini-2024-07-18',
  });
  const reply = replySchema.parse(await (await chat.ask({ query: 'What is RAG?' })).json());
  expect(reply).toMatchObject({
    outcome: 'answered',
    model: 'gpt-4o-mini-2024-07-18',
    usage: { promptTokens: 1_103, completionTokens: 17, totalTokens: 1_120 },
    relevanceScore: null,
  });
  expect(reply.costJpy).toBeGreaterThan(0);
  expect(reply.citations).toHaveLength(1);
  const [row] = await db.query(
    'select model_used, token_cost_jpy, relevance_score from ai_dialogue_log where id = $1',
    [reply.id],
  );
  expect(row).toEqual({ model_used: 'gpt-4o-mini-2024-07-18', token_cost_jpy: reply.costJpy, relevance_score: null });
});

test('a model without a price is unpriced, not free', async () => {
  model.behave({
    kind: 'answer',
    pieces: ['It looks things up [1].'],
    usage: { prompt_tokens: 101, completion_tokens: 7, total_tokens: 108 },
    model: 'a-model-without-a-price',
  });
  const reply = replySchema.parse(await (await chat.ask({ query: 'What is RAG?' })).json());
  expect(reply.costJpy).toBeNull();
  expect(await db.query('select token_cost_jpy from ai_dialogue_log where id = $1', [reply.id])).toEqual([
    { token_cost_jpy: null },
  ]);
});

test('a question that the content filter blocks is a 422 and no failure of this service', async () => {
  model.behave({ kind: 'status', status: 400, body: { error: { message: 'no', code: 'content_filter' } } });
  const response = await chat.ask({ query: 'What is RAG?' });
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ type: expect.stringContaining('content-filtered') });
  expect(await db.query('select stage from chat_failure')).toEqual([]);
});

test('a truncated answer says so in the reply and the row', async () => {
  model.behave({ kind: 'answer', pieces: ['Retrieval-augmented generation looks things up [1].'], finish: 'length' });
  const reply = replySchema.parse(await (await chat.ask({ query: 'What is RAG?' })).json());
  expect(reply.finishReason).toBe('length');
  expect(await db.query('select finish_reason from ai_dialogue_log where id = $1', [reply.id])).toEqual([
    { finish_reason: 'length' },
  ]);
});

test('a refusal in prose is recorded as no answer, in the words of the model', async () => {
  model.behave({ kind: 'answer', pieces: ['The passages do not contain any information about that.'] });
  const reply = replySchema.parse(await (await chat.ask({ query: 'What is RAG?' })).json());
  expect(reply).toMatchObject({
    outcome: 'no_answer',
    answer: 'The passages do not contain any information about that.',
    citations: [],
  });
});

test('an unavailable model causes a 503 with Retry-After and a failure without text', async () => {
  model.behave({ kind: 'status', status: 500 });
  const response = await chat.ask({ query: 'What is RAG?' });
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await response.json()).toMatchObject({ status: 503, type: expect.stringContaining('model-unavailable') });
  await chat.close();
  expect(await db.query('select stage, failure from chat_failure')).toEqual([
    { stage: 'generate', failure: 'model_unavailable' },
  ]);
  await model.close();
});
