/** Turns of another application, sent by REST to the whole service. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { testDatabase } from '../kit/database/test-database.ts';
import { returnsTurn, runIntake } from './rest-service.ts';

const db = await testDatabase();
const { call, addService, admin } = await runIntake(db);
const key = await addService('shop-assistant');
const send = (body: unknown, withKey: string | null = key) => call('POST', '/api/turns', withKey, body);
const rowOf = async (id: string) => (await db.query('select * from ai_dialogue_log where id = $1', [id]))[0];

test('a turn with marks is recorded with its citations checked, its price, its licence and its service', async () => {
  const { status, json } = await send({ ...returnsTurn, release: 'v7', tenant: 'acme', user: 'ken', session: 's-1' });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    state: 'recorded',
    outcome: 'answered',
    citationRate: 100,
    attributed: false,
    notJudged: [],
    license: 'cc_by_sa',
    citations: [
      { source: '返品規約', valid: true, contentId: 'policy-returns' },
      { source: '返金', valid: true, contentId: 'policy-refunds' },
    ],
  });
  expect(json.costJpy).toBeGreaterThan(0);
  expect(json.scores.relevance).toBeGreaterThan(0);
  expect(await rowOf(json.id)).toMatchObject({
    service: 'shop-assistant',
    release: 'v7',
    service_tenant: 'acme',
    attributed: false,
    prompt_tokens: 187,
    completion_tokens: 41,
    latency_ms: 1234,
    query: returnsTurn.question,
    intake: { dialect: 'rest', dropped: [], notJudged: [] },
  });
  expect(await db.query('select license_type from provenance where dialogue_id = $1', [json.id])).toEqual([
    { license_type: 'cc_by_sa' },
  ]);
});

test('the same turn again is the same row, whether it is sent one after the other, at once or in one list', async () => {
  const turn = { ...returnsTurn, id: 'order-1138' };
  const first = await send(turn);
  const again = await send(turn);
  expect(again.json).toMatchObject({ id: first.json.id, state: 'repeated', citationRate: 100 });
  const states = await Promise.all([1, 2, 3].map(async () => (await send({ ...turn, id: 'at-once' })).json.state));
  expect(states.sort()).toEqual(['recorded', 'repeated', 'repeated']);
  const { json } = await send([1, 2].map(() => ({ ...turn, id: 'in-a-list' })));
  expect(json).toMatchObject({ recorded: 1, repeated: 1, refused: 0 });
  const traced = { ...returnsTurn, traceId: 'ABCDEF0123456789abcdef0123456789' };
  expect((await send(traced)).json.id).toBe((await send({ ...traced, traceId: traced.traceId.toLowerCase() })).json.id);
});

test('two services that use the same ids have rows of their own', async () => {
  const other = await addService('other-shop');
  const turn = { ...returnsTurn, id: 'same-id', user: 'same-user' };
  const [one, two] = [await send(turn), await send(turn, other)];
  expect(one.json.id).not.toBe(two.json.id);
  expect([await rowOf(one.json.id), await rowOf(two.json.id)].map((row) => row?.service)).toEqual([
    'shop-assistant',
    'other-shop',
  ]);
  expect((await rowOf(one.json.id))?.user_id).not.toBe((await rowOf(two.json.id))?.user_id);
});

test('an answer without marks is attributed sentence by sentence', async () => {
  const answer = '未開封の商品は到着から14日以内に返品を受け付けます。月面への配送も承ります。';
  const { json } = await send({ ...returnsTurn, answer });
  expect(json).toMatchObject({ attributed: true, citationRate: 50, answer });
  expect(json.citations).toMatchObject([{ contentId: 'policy-returns', valid: true }]);
  expect(await rowOf(json.id)).toMatchObject({ attributed: true });
});

test('marks may name documents by id, title or address', async () => {
  const documents = [
    { ...returnsTurn.documents[0], url: 'https://shop.example/returns' },
    ...returnsTurn.documents.slice(1),
  ];
  for (const mark of [
    '[policy-returns]',
    '【policy-returns#2】',
    '<source id="policy-returns"/>',
    '（出典：返品規約）',
  ]) {
    const answer = `未開封の商品は到着から14日以内であれば返品できます${mark}。`;
    const { json } = await send({ ...returnsTurn, documents, answer });
    expect({ mark, answer: json.answer, rate: json.citationRate, attributed: json.attributed }).toEqual({
      mark,
      answer: '未開封の商品は到着から14日以内であれば返品できます[1]。',
      rate: 100,
      attributed: false,
    });
  }
});

test.each([
  ['documents that are not known', { documents: undefined }, ['documents_missing']],
  [
    'documents without text',
    { documents: returnsTurn.documents.map(({ id, title }) => ({ id, title })) },
    ['documents_without_text'],
  ],
  [
    'documents in another language',
    {
      documents: [
        { text: 'Returns are accepted within fourteen days of the arrival of the goods and in the original box.' },
      ],
      answer: '未開封の商品は返品できます[1]。',
    },
    ['other_language'],
  ],
])('citations of %s are not judged, which is not invalid', async (_what, change, notJudged) => {
  const { json } = await send({ ...returnsTurn, ...change });
  expect(json).toMatchObject({ outcome: 'answered', citationRate: null, notJudged });
  expect(json.citations.every(({ valid }: { valid: unknown }) => valid === null)).toBe(true);
});

test('an answer although retrieval found nothing has no valid citation', async () => {
  const { json } = await send({ ...returnsTurn, documents: [] });
  expect(json).toMatchObject({ citationRate: 0, notJudged: [], citations: [] });
});

test('a mark on a sentence that its document does not support is invalid', async () => {
  const { json } = await send({ ...returnsTurn, answer: '月面への配送は毎週金曜日に承ります[2]。' });
  expect(json).toMatchObject({ citationRate: 0, citations: [{ contentId: 'policy-shipping', valid: false }] });
});

test.each([
  ['an empty answer', { answer: '' }],
  ['a refusal in prose', { answer: '申し訳ありませんが、資料に該当する情報が見つかりませんでした。' }],
  ['the word of the application', { outcome: 'no_answer' }],
])('%s is "no answer"', async (_what, change) => {
  expect((await send({ ...returnsTurn, ...change })).json).toMatchObject({ outcome: 'no_answer', citations: [] });
});

test('an answer with a phrase of the service is "no answer"', async () => {
  const fussy = await addService('fussy-shop');
  await admin.change('fussy-shop', { noAnswerPhrases: ['Please call us'] });
  const turn = { ...returnsTurn, answer: 'For this one, please call us at the shop.' };
  expect((await send(turn, fussy)).json.outcome).toBe('no_answer');
  expect((await send(turn)).json.outcome).toBe('answered');
});

test.each([
  ['429', 'generate', 'model_rate_limited', 'failed'],
  ['openai.APIConnectionError', 'generate', 'model_unreachable', 'failed'],
  ['content_filter', 'generate', 'content_filtered', 'rejected'],
  ['KeyError', 'generate', 'internal', 'failed'],
])('a turn that failed with %s is a failure with its stage', async (type, stage, code, outcome) => {
  const { status, json } = await send({ error: type, id: `failed-${type}`, latencyMs: 77 });
  expect(status).toBe(200);
  expect(json).toMatchObject({ outcome, failure: { stage, code }, answer: null, costJpy: null });
  expect(await db.query('select service, stage, failure from chat_failure where id = $1', [json.id])).toEqual(
    outcome === 'failed' ? [{ service: 'shop-assistant', stage, failure: code }] : [],
  );
  if (outcome === 'failed') expect((await send({ error: type, id: `failed-${type}` })).json.state).toBe('repeated');
});

test('unknown is not zero: without usage, or with a call without a price, the cost is null', async () => {
  expect((await send({ ...returnsTurn, usage: undefined })).json.costJpy).toBeNull();
  expect((await send({ ...returnsTurn, model: undefined, usage: undefined })).json.costJpy).toBeNull();
  const call = {
    model: 'gpt-4o-mini',
    usage: { prompt_tokens: 187, completion_tokens: 41, prompt_tokens_details: { cached_tokens: 64 } },
  };
  const one = (await send(returnsTurn)).json.costJpy;
  const of = async (...calls: unknown[]) =>
    (await send({ ...returnsTurn, model: undefined, usage: undefined, calls })).json.costJpy;
  expect(await of(call)).toBe(one);
  expect(await of(call, call)).toBeCloseTo(2 * one, 6);
  expect(await of(call, { ...call, model: 'a-model-of-our-own' })).toBeNull();
});

test('each turn of a list has its own result, and a bad one does not refuse the others', async () => {
  const { status, json } = await send([
    returnsTurn,
    { question: 'Why?', anwser: 'typo' },
    { ...returnsTurn, latencyMs: -1 },
    { ...returnsTurn, askedAt: '2020-01-01T00:00:00Z' },
    { ...returnsTurn, usage: { tokens: 'many' } },
    { question: 'Why?', answer: 'Because.', error: '500' },
    null,
    'a text',
  ]);
  expect(status).toBe(207);
  expect(json).toMatchObject({ recorded: 1, repeated: 0, refused: 7 });
  expect(json.turns[0]).toMatchObject({ state: 'recorded' });
  const fields = json.turns
    .slice(1)
    .map(({ error }: { error: { errors: { field: string }[] } }) => error.errors.map(({ field }) => field));
  expect(fields).toEqual([['anwser'], ['latencyMs'], ['askedAt'], ['usage'], ['answer'], ['turn'], ['turn']]);
});

test('a single bad turn is a 400 that names the field and quotes no text', async () => {
  const { status, json, text } = await send({ ...returnsTurn, question: undefined });
  expect([status, json.errors]).toEqual([400, [{ field: 'question', message: 'is missing' }]]);
  expect(text).not.toContain('返品');
  expect((await send([])).status).toBe(400);
  expect((await send(Array.from({ length: 101 }, () => returnsTurn))).status).toBe(400);
  expect((await send('{"question":')).status).toBe(400);
});

test('the key decides the service: an unknown, revoked or missing key is refused', async () => {
  const service = `shop-${randomUUID().slice(0, 8)}`;
  const first = await addService(service);
  expect((await send(returnsTurn, first)).status).toBe(200);
  for (const wrong of [null, 'ragk_wrong', 'something else', first.slice(0, -1)]) {
    const { status, json } = await send(returnsTurn, wrong);
    expect([status, json.type]).toEqual([401, '/problems/unauthorized']);
  }
  const renamed = await send({ ...returnsTurn, service: 'other-shop' }, first);
  expect(renamed.json.errors).toEqual([{ field: 'service', message: 'is unknown; remove it' }]);
  await admin.remove(service);
  const next = await addService(service);
  expect((await send(returnsTurn, next)).status).toBe(200);
});

test('a body that is too long is refused with the limit of the route', async () => {
  const { status, json } = await send(`"${'x'.repeat(8 * 1024 * 1024)}"`);
  expect([status, json.detail]).toEqual([413, 'Send a body of at most 8,388,608 bytes.']);
});

test('texts are masked before they are stored, and compared as they are stored', async () => {
  const masked = await addService('masked-shop');
  await admin.change('masked-shop', { masks: [{ pattern: '[\\w.]+@[\\w.]+', replacement: '***' }] });
  const { json } = await send(
    {
      question: 'What is the address of Ken, ken@shop.example?',
      answer: 'Ken reads ken@shop.example every day before lunch [1].',
      documents: [{ id: 'staff', text: 'Ken reads ken@shop.example every day before lunch.' }],
    },
    masked,
  );
  const row = await rowOf(json.id);
  expect(JSON.stringify([json, row])).not.toContain('ken@shop');
  expect(row).toMatchObject({ response: 'Ken reads *** every day before lunch [1].', citation_rate: 100 });
});

test('where a mask cannot be applied nothing is stored', async () => {
  const broken = await addService('broken-mask');
  await db.query(`update rag_service set masks = '[{"pattern": "(", "replacement": ""}]' where name = 'broken-mask'`);
  const { status, json } = await send(returnsTurn, broken);
  expect([status, json.type]).toEqual([422, '/problems/turn-refused']);
  expect(await db.query(`select from ai_dialogue_log where service = 'broken-mask'`)).toEqual([]);
});

test('a document without a licence of its own has that of the register', async () => {
  const path = '/api/services/shop-assistant/documents';
  const documents = [
    { reference: 'guide', license: 'Apache-2.0', rightsHolder: 'Acme', expiresAt: '2031-01-01T00:00:00+09:00' },
  ];
  expect((await call('PUT', path, key, { documents })).json).toEqual({ registered: 1 });
  const turn = {
    question: 'How long is the warranty?',
    answer: 'The warranty of the lamp lasts three years [1].',
    documents: [{ id: 'guide', text: 'The warranty of the lamp lasts three years.' }],
  };
  expect((await send(turn)).json.license).toBe('apache_2_0');
  expect((await send({ ...turn, documents: [{ ...turn.documents[0], license: 'MIT' }] })).json.license).toBe('mit');
  expect((await send({ ...turn, documents: [{ ...turn.documents[0], id: 'unknown' }] })).json.license).toBe(
    'all_rights_reserved',
  );
  const ended = [{ reference: 'guide', license: 'Apache-2.0', expiresAt: '2024-01-01T00:00:00+09:00' }];
  expect((await send(turn)).json.expiredDocuments).toEqual([]);
  await call('PUT', path, key, { documents: ended });
  const late = (await send(turn)).json;
  expect(late.expiredDocuments).toEqual(['guide']);
  expect((await rowOf(late.id))?.intake).toMatchObject({ expired: ['guide'] });
  const bad = await call('PUT', path, key, { documents: [{ reference: 'x', license: 'my own' }] });
  expect([bad.status, bad.json.errors[0].field]).toEqual([400, 'documents.0.license']);
  expect((await call('PUT', '/api/services/other-shop/documents', key, { documents })).status).toBe(403);
});
