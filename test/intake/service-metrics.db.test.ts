/** Daily metrics by service: the rollup, the API and the page. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { anonymousUserKey } from '../../services/intake/turn-key.ts';
import { createRollDay } from '../../services/jobs/leased-job.ts';
import { addDays, dayOf, startOf } from '../../services/rollup/day.ts';
import { insertDialogue, insertUser } from '../kit/database/fixtures.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { returnsTurn, runIntake } from './rest-service.ts';

const db = await testDatabase();
const { chat, call, addService } = await runIntake(db);
const key = await addService('shop-assistant');
await addService('quiet-shop');
const token = await chat.token(undefined, 'admin');
const read = async (path: string) => (await call('GET', path, token)).json;
const yesterday = addDays(dayOf(new Date()), -1);
const noon = new Date(startOf(yesterday).getTime() + 12 * 3_600_000);

async function rollUp() {
  const roll = createRollDay(db.pool, { retries: 0 });
  const result = await roll(yesterday, { runId: randomUUID(), since: null, signal: new AbortController().signal });
  expect(result.state).toBe('succeeded');
  return db.query(
    `select service, total_queries, unique_users, failed_queries, total_cost, latency_p50_ms
     from rag_service_metrics_history where date = $1 order by service`,
    [yesterday],
  );
}

test('the rollup writes one row of all services and one by service', async () => {
  await insertDialogue(db, { created_at: noon, latency_ms: 100, token_cost_jpy: 1 });
  expect(await rollUp()).toMatchObject([
    { service: 'rag-chat', total_queries: 1, unique_users: 1, latency_p50_ms: 100 },
  ]);
  const anonymous = await insertUser(db, { id: anonymousUserKey('shop-assistant') });
  for (const [user, latency] of [
    [anonymous, 300],
    [anonymous, 500],
    [await insertUser(db), 700],
  ] as const) {
    await insertDialogue(db, {
      created_at: noon,
      service: 'shop-assistant',
      user_id: user,
      latency_ms: latency,
      token_cost_jpy: 2,
    });
  }
  await db.query(
    `insert into chat_failure (id, at, stage, failure, service) values ($1, $2, 'generate', 'internal', 'quiet-shop')`,
    [randomUUID(), noon],
  );
  expect(await rollUp()).toMatchObject([
    { service: 'quiet-shop', total_queries: 0, unique_users: 0, failed_queries: 1, total_cost: null },
    { service: 'rag-chat', total_queries: 1, failed_queries: 0, total_cost: 1 },
    {
      service: 'shop-assistant',
      total_queries: 3,
      unique_users: 1,
      failed_queries: 0,
      total_cost: 6,
      latency_p50_ms: 500,
    },
  ]);
  expect(
    await db.query('select total_queries, unique_users, failed_queries, total_cost from rag_metrics_history'),
  ).toEqual([{ total_queries: 4, unique_users: 2, failed_queries: 1, total_cost: 7 }]);
  await db.query(`delete from chat_failure where service = 'quiet-shop'`);
  expect((await rollUp()).map(({ service }) => service)).toEqual(['rag-chat', 'shop-assistant']);
});

test('metrics, history and worst answers can be limited to one service', async () => {
  await call('POST', '/api/turns', key, { ...returnsTurn, answer: '月面への配送は毎週金曜日に承ります[2]。' });
  await insertDialogue(db, { created_at: new Date() });
  const queries = async (query: string) => (await read(`/api/admin/rag-metrics${query}`)).totals.queries;
  expect([await queries(''), await queries('?service=shop-assistant'), await queries('?service=rag-chat')]).toEqual([
    2, 1, 1,
  ]);
  expect(await queries('?service=quiet-shop')).toBe(0);
  const history = await read('/api/admin/rag-metrics/history?service=shop-assistant');
  expect(history.days.map(({ totalQueries }: { totalQueries: number }) => totalQueries)).toEqual([3]);
  const worst = await read('/api/admin/worst-answers?days=1&service=shop-assistant');
  expect(worst.answers.map(({ service }: { service: string }) => service)).toEqual(['shop-assistant']);
  expect((await call('GET', '/api/admin/rag-metrics?service=Not%20a%20name', token)).status).toBe(400);
});

test('the page links to each service, and shows the one that is chosen', async () => {
  const page = await call('GET', '/dashboard/metrics?service=shop-assistant', token);
  expect(page.status).toBe(200);
  expect(page.text).toContain(
    '<a href="/dashboard/metrics?service=shop-assistant" aria-current="true">shop-assistant</a>',
  );
  expect(page.text).toContain('<a href="/dashboard/metrics">');
  expect((await call('GET', '/dashboard/metrics?service=unknown', token)).status).toBe(404);
  expect((await call('GET', '/dashboard/metrics?service=%3Cscript%3E', token)).status).toBe(404);
  expect((await call('GET', '/dashboard/metrics', token)).text).toContain('aria-current="true">');
});
