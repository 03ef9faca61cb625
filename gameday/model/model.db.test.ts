/** The model server, called by the service's own clients and checked by its own citation check. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { citeAnswer } from '../../services/chat/citations/cite.ts';
import { createJudge } from '../../services/llm/judge.ts';
import { createModelGenerate } from '../../services/llm/openai-generate.ts';
import type { ContentDocument } from '../../services/provenance/content.ts';
import { ingest } from '../../services/sources/ingest/ingest.ts';
import { modelSettings } from '../../test/kit/data/model-settings.ts';
import { retrievedPassage } from '../../test/kit/data/retrieved-passage.ts';
import { incidents } from '../incidents.ts';
import type { Behaviour } from './behaviour.ts';
import { type ModelServer, serveModel } from './serve-model.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await serveModel({ host: '127.0.0.1', port: 0 });
});
afterEach(() => server.close());

const settings = () => modelSettings(server.baseUrl, { name: 'model-7' });
const signal = new AbortController().signal;

async function ask(query: string, text: string, change: Partial<Behaviour> = {}) {
  server.behave(change);
  const passages = [retrievedPassage(1, text), retrievedPassage(2, 'Backups are kept for 90 days.')];
  const clock = () => performance.now();
  const startedAt = clock();
  const generation = await createModelGenerate(settings(), { clock })({ query, history: [], passages, signal });
  const cited = citeAnswer(generation, passages, new Date(), query);
  return { generation, cited, valid: cited.citations.map(({ valid }) => valid), ms: clock() - startedAt };
}

test('its quotation of any sample passage is a valid citation, in both languages', { timeout: 120_000 }, async () => {
  const documents: ContentDocument[] = [];
  const store = async (document: ContentDocument) => {
    documents.push(document);
    return 'created' as const;
  };
  await ingest(['samples'], { metadata: {}, sourceBase: null }, { store, clock: () => performance.now() });
  const passages = documents.flatMap((document) => document.passages);
  expect(passages.length).toBeGreaterThan(50);
  for (const { text } of passages) {
    for (const query of ['What is that?', 'それは何ですか？']) {
      const { valid, cited } = await ask(query, text);
      expect([text, query, valid, cited.outcome]).toEqual([text, query, [true], 'answered']);
    }
  }
});

test('it cites nothing, or an invented quote, on demand', async () => {
  const text = 'Logs are kept for thirty days, and then they are removed.';
  expect((await ask('How long?', text, { citations: 'none' })).valid).toEqual([]);
  expect((await ask('どのくらい？', text, { citations: 'none' })).cited.citationRate).toBe(0);
  expect((await ask('How long?', text, { citations: 'invented' })).valid).toEqual([false]);
  expect((await ask('How long?', text)).valid).toEqual([true]);
});

test('tokens, model and delay follow the last change, and other settings are reset', async () => {
  const { generation, ms } = await ask('What?', 'Logs are kept for thirty days.', {
    promptTokens: 70_001,
    delayMs: 230,
  });
  expect(generation).toMatchObject({
    model: 'model-7',
    usage: { promptTokens: 70_001, completionTokens: 150, totalTokens: 70_151 },
  });
  expect(ms).toBeGreaterThan(229);
  const after = await ask('What?', 'Logs are kept for thirty days.', { completionTokens: 7 });
  expect(after.generation.usage).toMatchObject({ promptTokens: 1_500, completionTokens: 7 });
});

test('the share of failed requests is exact, and the judge gets a score', async () => {
  server.behave({ errorShare: 0.3 });
  const statuses: number[] = [];
  for (let nth = 1; nth <= 20; nth += 1) {
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }] });
    const reply = await fetch(`${server.baseUrl}/chat/completions`, { method: 'POST', body });
    statuses.push(reply.status);
    await reply.arrayBuffer();
  }
  expect(statuses.filter((status) => status === 500)).toHaveLength(6);
  expect(server.requests()).toBe(20);
  server.behave({});
  const exchange = { query: 'What?', answer: 'That.', citations: [] };
  expect(await createJudge(settings())(exchange, signal)).toBe(0.83);
});

test('it exposes the running incident to Prometheus, with a series for each incident', async () => {
  const metrics = async () => (await fetch(new URL('/metrics', server.baseUrl))).text();
  server.setIncident('cost-spike');
  const during = await metrics();
  expect(during).toContain('rag_gameday_incident{incident="cost-spike"} 1\n');
  expect(during.match(/^rag_gameday_incident\{.*\} 0$/gm)?.length).toBe(incidents.length - 1);
  server.setIncident(null);
  expect(await metrics()).not.toMatch(/\} 1$/m);
});
