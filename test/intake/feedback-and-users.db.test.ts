/** Feedback, erasure and export of external turns, and what one service may do to another. */
import { expect, test } from 'vitest';
import { userKey } from '../../services/intake/turn-key.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { returnsTurn, runIntake } from './rest-service.ts';

const db = await testDatabase();
const { chat, call, addService } = await runIntake(db);
const key = await addService('shop-assistant');
const other = await addService('other-shop');
const send = (body: unknown, withKey = key) => call('POST', '/api/turns', withKey, body);
const vote = (id: string, value: unknown, withKey = key) =>
  call('POST', `/api/turns/${encodeURIComponent(id)}/feedback`, withKey, { vote: value });
const voteOf = async (id: string) =>
  (await db.query('select user_feedback from ai_dialogue_log where id = $1', [id]))[0]?.user_feedback;

test('a vote names the turn by our id, by the id of the application or by its trace', async () => {
  const traceId = '0123456789abcdef0123456789abcdef';
  const { json } = await send({ ...returnsTurn, id: 'Order/7', traceId });
  for (const [reference, value] of [
    [json.id, 1],
    ['Order/7', -1],
    [traceId.toUpperCase(), 0],
  ] as const) {
    expect((await vote(reference, value)).json).toEqual({ id: reference, vote: value, state: 'applied' });
    expect(await voteOf(json.id)).toBe(value);
  }
});

test('a vote that arrives before its turn waits for it, and the last one counts', async () => {
  const traceId = 'fedcba9876543210fedcba9876543210';
  expect((await vote('early', 1)).json.state).toBe('pending');
  expect((await vote('early', -1)).json.state).toBe('pending');
  expect((await vote(traceId, 1)).json.state).toBe('pending');
  expect(await voteOf((await send({ ...returnsTurn, id: 'early' })).json.id)).toBe(-1);
  expect(await voteOf((await send({ ...returnsTurn, traceId })).json.id)).toBe(1);
  expect(await db.query('select from rag_pending_feedback')).toEqual([]);
});

test('feedback may be part of the turn', async () => {
  expect(await voteOf((await send({ ...returnsTurn, feedback: -1 })).json.id)).toBe(-1);
});

test('a vote that could not be stored with its turn is stored when the turn is sent again', async () => {
  const turn = { ...returnsTurn, id: 'voted-late', feedback: 1 };
  await db.query('alter table rag_pending_feedback add constraint out_of_order check (vote is null) not valid');
  expect((await send(turn)).status).toBeGreaterThanOrEqual(500);
  await db.query('alter table rag_pending_feedback drop constraint out_of_order');
  const { json } = await send(turn);
  expect(json.state).toBe('repeated');
  expect(await voteOf(json.id)).toBe(1);
});

test('a vote with the key of another service reaches no turn', async () => {
  const { json } = await send({ ...returnsTurn, id: 'guarded' });
  for (const reference of [json.id, 'guarded']) expect((await vote(reference, -1, other)).json.state).toBe('pending');
  expect(await voteOf(json.id)).toBeNull();
  expect((await vote(json.id, 2)).status).toBe(400);
  expect((await vote('x'.repeat(501), 1)).status).toBe(400);
});

const users = (service: string, user: string) => `/api/services/${service}/users/${encodeURIComponent(user)}`;

test('the erasure of a user deletes their turns of this service only, with a receipt, and later turns are recorded again', async () => {
  const user = '健/ken@shop.example';
  await send([1, 2, 3].map((id) => ({ ...returnsTurn, user, id: `of-ken-${id}` })));
  await send({ ...returnsTurn, user: 'ida', id: 'of-ida' });
  await send({ ...returnsTurn, user, id: 'of-ken-1' }, other);
  const rows = (service: string, of: string) =>
    db.query('select from ai_dialogue_log where service = $1 and user_id = $2', [service, userKey(service, of)]);
  expect(await rows('shop-assistant', user)).toHaveLength(3);
  const { status, json } = await call('DELETE', users('shop-assistant', user), key);
  expect(status).toBe(200);
  expect(json).toMatchObject({ account: true, counts: { ai_dialogue_log: 3, provenance: 3, users: 1 } });
  expect(await rows('shop-assistant', user)).toEqual([]);
  expect(await rows('shop-assistant', 'ida')).toHaveLength(1);
  expect(await rows('other-shop', user)).toHaveLength(1);
  expect((await call('DELETE', users('shop-assistant', user), key)).json.counts.ai_dialogue_log).toBe(0);
  const late = await send({
    ...returnsTurn,
    user,
    id: 'late',
    askedAt: new Date(Date.now() - 3_600_000).toISOString(),
  });
  expect(late.json.state).toBe('erased');
  expect((await send({ ...returnsTurn, user, id: 'after' })).json.state).toBe('recorded');
  expect(await rows('shop-assistant', user)).toHaveLength(1);
});

test('an export has the turns of that user and service', async () => {
  const user = 'mei';
  const { json } = await send({ ...returnsTurn, user });
  await send({ ...returnsTurn, user, question: '別の店の質問' }, other);
  const { status, text } = await call('GET', `${users('shop-assistant', user)}/export`, key);
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(status).toBe(200);
  expect(lines.map(({ type }) => type)).toEqual(['user', 'dialogue', 'provenance', 'end']);
  expect(lines[1]).toMatchObject({ id: json.id, query: returnsTurn.question });
});

test('users of a service are for its own keys and for administrators', async () => {
  const path = users('shop-assistant', 'ida');
  expect((await call('DELETE', path, other)).status).toBe(403);
  expect((await call('GET', `${path}/export`, other)).status).toBe(403);
  expect((await call('DELETE', path, await chat.token())).status).toBe(403);
  expect((await call('DELETE', path, null)).status).toBe(401);
  expect((await call('DELETE', path, await chat.token(undefined, 'admin'))).status).toBe(200);
});

test('turns without a user are one user of the service, and no user of another', async () => {
  const [one, two] = [await send(returnsTurn), await send(returnsTurn, other)];
  const [first, second] = await Promise.all(
    [one, two].map(({ json }) => db.query('select user_id from ai_dialogue_log where id = $1', [json.id])),
  );
  expect(first).not.toEqual(second);
  const anonymous = await db.query('select anonymous_id as user_id from rag_service where name = $1', [
    'shop-assistant',
  ]);
  expect(first).toEqual(anonymous);
});

test('no statement of the server was denied', () => {
  expect(chat.logged.filter((line) => /permission denied|row-level security|cannot take the role/.test(line))).toEqual(
    [],
  );
});
