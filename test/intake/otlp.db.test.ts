/** Turns of captured instrumentations, sent by OTLP to the whole service. */
import { expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { captureNames } from './captures.ts';
import { jsonSpan, jsonTraces, postOtlp, randomId, sendCapture } from './otlp-client.ts';
import { runIntake } from './rest-service.ts';

const db = await testDatabase();
const quiet = { INTAKE_QUIET_MS: '300' };
const { chat, addService, admin } = await runIntake(db, quiet);
const second = await runIntake(db, quiet);

const origins = [chat.origin, second.chat.origin];
const traces = `${chat.origin}/v1/traces`;
const accepted = { status: 200 };

async function assembled(service: string): Promise<void> {
  await expect
    .poll(() => db.query('select 1 from pending_span where service = $1 and is_ai', [service]), { timeout: 30_000 })
    .toEqual([]);
}

const turnsOf = (service: string) =>
  db.query('select * from ai_dialogue_log where service = $1 order by created_at', [service]);
const failuresOf = (service: string) => db.query('select * from chat_failure where service = $1', [service]);

test.each(captureNames)('a turn of %s, sent as JSON and again as protobuf, is one row', async (name) => {
  const service = `of-${name}`;
  const key = await addService(service);
  await sendCapture(name, key, origins);
  const isFailure = name.endsWith('-error');
  await expect.poll(() => (isFailure ? failuresOf(service) : turnsOf(service))).toHaveLength(1);
  await sendCapture(name, key, origins, 'protobuf');
  // Traces without a turn, such as those of indexing, wait for five minutes.
  await db.query(
    'delete from pending_span where service = $1 and group_id not in (select group_id from assembled_turn)',
    [service],
  );
  await assembled(service);
  const [turns, failures] = [await turnsOf(service), await failuresOf(service)];
  expect([turns.length, failures.length]).toEqual(isFailure ? [0, 1] : [1, 0]);
  if (isFailure) expect(failures[0]).toMatchObject({ stage: 'generate', failure: 'model_unavailable' });
  else expect(turns[0]).toMatchObject({ prompt_tokens: 187, completion_tokens: 41, outcome: 'answered' });
});

const urls = ['https://shop.example/policy/returns', 'https://shop.example/faq'];

test('a turn with documents has checked citations, a price, and a licence', async () => {
  expect((await turnsOf('of-openinference-llamaindex'))[0]).toMatchObject({
    query: '返品は何日以内にできますか。',
    citation_rate: 100,
    citations: [
      { url: urls[0], valid: true, contentId: 'policy-returns#2' },
      // A Japanese sentence cites an English document.
      { url: urls[1], valid: null, contentId: 'faq-en#7' },
    ],
    intake: { dialect: 'openinference', dropped: [] },
  });
});

const asked = { 'openinference.span.kind': 'CHAIN', 'input.value': 'When is it?', 'output.value': 'It is at noon.' };
const model = {
  'openinference.span.kind': 'LLM',
  'llm.model_name': 'gpt-4o-mini',
  'llm.token_count.prompt': 90,
  'llm.token_count.completion': 7,
  'output.value': 'It is at noon.',
};

test('a trace whose spans reach two servers, children first, is one turn', async () => {
  const key = await addService('split');
  const traceId = randomId(16);
  const root = jsonSpan({ traceId }, asked);
  const call = jsonSpan({ traceId, parentSpanId: root.spanId, to: 60 }, model);
  expect(await postOtlp(traces, key, jsonTraces([call]))).toMatchObject(accepted);
  expect(await postOtlp(`${second.chat.origin}/v1/traces`, key, jsonTraces([root]))).toMatchObject(accepted);
  await expect.poll(() => turnsOf('split')).toHaveLength(1);
  expect((await turnsOf('split'))[0]).toMatchObject({
    query: 'When is it?',
    response: 'It is at noon.',
    total_tokens: 97,
  });
});

test('spans that come after their turn do not change it, and are no turn of their own', async () => {
  const key = await addService('late');
  const traceId = randomId(16);
  const root = jsonSpan({ traceId }, asked);
  const call = () => jsonSpan({ traceId, parentSpanId: root.spanId, to: 60 }, model);
  await postOtlp(traces, key, jsonTraces([root, call()]));
  await expect.poll(() => turnsOf('late')).toHaveLength(1);
  const before = await turnsOf('late');
  await postOtlp(traces, key, jsonTraces([call(), root]));
  await assembled('late');
  expect(await turnsOf('late')).toEqual(before);
});

test('a turn that two instrumentations report in traces of their own is one row', async () => {
  const key = await addService('twice-reported');
  const spans = (traceId: string) => jsonSpan({ traceId }, asked);
  const langfuse = {
    'langfuse.observation.type': 'generation',
    'langfuse.observation.input': JSON.stringify([{ role: 'user', content: 'When is it?' }]),
    'langfuse.observation.output': 'It is at noon.',
  };
  await postOtlp(traces, key, jsonTraces([spans(randomId(16))], 'openinference'));
  await postOtlp(
    traces,
    key,
    jsonTraces([jsonSpan({ traceId: randomId(16), from: 5, to: 90 }, langfuse)], 'langfuse-sdk'),
  );
  await expect.poll(() => db.query("select 1 from assembled_turn where service = 'twice-reported'")).toHaveLength(2);
  expect(await turnsOf('twice-reported')).toHaveLength(1);
});

test('equal answers of one instrumentation are turns of their own', async () => {
  const key = await addService('same-answers');
  const body = jsonTraces([1, 2, 3].map(() => jsonSpan({ traceId: randomId(16) }, asked)));
  await postOtlp(traces, key, body);
  await expect.poll(() => turnsOf('same-answers')).toHaveLength(3);
});

test('a request that is not from an AI application leaves nothing behind', async () => {
  const key = await addService('web-shop');
  const span = jsonSpan({ traceId: randomId(16), kind: 2 }, { 'http.request.method': 'GET', 'url.path': '/secret' });
  expect(await postOtlp(traces, key, jsonTraces([span]))).toMatchObject(accepted);
  expect(await db.query("select 1 from pending_span where service = 'web-shop'")).toEqual([]);
});

test('texts are masked before they wait for assembly', async () => {
  const key = await addService('masked');
  await admin.change('masked', { masks: [{ pattern: '\\d{3}-\\d{4}', replacement: '***' }] });
  const attributes = { ...asked, 'input.value': 'My number is 555-0199. When is it?' };
  await postOtlp(traces, key, jsonTraces([jsonSpan({ traceId: randomId(16) }, attributes)]));
  const pending = await db.query("select content::text from pending_span where service = 'masked'");
  expect(JSON.stringify(pending)).not.toContain('555-0199');
  await expect.poll(() => turnsOf('masked')).toHaveLength(1);
  expect((await turnsOf('masked'))[0]).toMatchObject({ query: 'My number is ***. When is it?' });
});

test('a vote by a score of Langfuse, sent before its trace, is the vote of the turn', async () => {
  const key = await addService('langfuse-user');
  const basic = `Basic ${Buffer.from(`pk-lf-any:${key}`).toString('base64')}`;
  const traceId = '2dceda36b76b47bd48d945a18136664d';
  const score = Buffer.from(
    JSON.stringify([{ id: 's1', traceId, name: 'user-feedback', value: 1, dataType: 'NUMERIC' }]),
  );
  expect(await postOtlp(`${chat.origin}/api/public/scores`, key, score, { authorization: basic })).toMatchObject(
    accepted,
  );
  await sendCapture('langfuse-langchain', key, origins);
  await expect.poll(async () => (await turnsOf('langfuse-user'))[0]?.user_feedback).toBe(1);
  const projects = await fetch(`${chat.origin}/api/public/projects`, { headers: { authorization: basic } });
  expect(await projects.json()).toMatchObject({ data: [{ name: 'langfuse-user' }] });
  expect(await (await fetch(`${chat.origin}/api/public/health`)).json()).toMatchObject({ status: 'OK' });
});

test('texts of model calls that agento11y sends on its own way complete its turn', async () => {
  expect((await turnsOf('of-agento11y-langchain'))[0]).toMatchObject({
    query: '返品は何日以内にできますか。',
    response: '返品は商品到着後30日以内に受け付けます[1]。返金は5営業日以内です[3]。',
  });
});

test('pending spans of a user are exported and erased with the other spans of their turn', async () => {
  const slow = await runIntake(db, { INTAKE_QUIET_MS: '60000' });
  await Promise.all([chat.close(), second.chat.close()]);
  const key = await slow.addService('erased');
  const traceId = randomId(16);
  const root = jsonSpan({ traceId }, { ...asked, 'user.id': 'ken' });
  const spans = [
    root,
    jsonSpan({ traceId, parentSpanId: root.spanId }, model),
    jsonSpan({ traceId: randomId(16) }, asked),
  ];
  await postOtlp(`${slow.chat.origin}/v1/traces`, key, jsonTraces(spans));
  const pending = () => db.query("select trace_id from pending_span where service = 'erased'");
  expect(await pending()).toHaveLength(3);
  const exported = await slow.call('GET', '/api/services/erased/users/ken/export', key);
  expect(exported.text.match(/"type":"pending_span"/g)).toHaveLength(2);
  expect(exported.text).toContain('When is it?');
  expect(await slow.call('DELETE', '/api/services/erased/users/ken', key)).toMatchObject({ status: 200 });
  expect(await pending()).toHaveLength(1);
});
