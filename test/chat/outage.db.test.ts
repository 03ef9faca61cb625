import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { measurePeriod } from '../../services/postgres/metrics/measure-period.ts';
import { testDatabase } from '../kit/database/test-database.ts';
import { runChat } from '../kit/programs/chat-service.ts';
import { tcpProxy } from '../kit/servers/tcp-proxy.ts';

const db = await testDatabase();

test('every question refused during a database outage counts as failed on the day it was asked', async () => {
  const { hostname, port } = new URL(db.url);
  const proxy = await tcpProxy({ host: hostname, port: Number(port) });
  const through = new URL(db.url);
  through.port = String(proxy.port);
  const chat = await runChat(through.href);
  proxy.cut();
  const bodies = [{ query: 'What is RAG?' }, { query: 'What is RAG?', sessionId: randomUUID() }];
  for (const body of bodies) expect((await chat.ask(body)).status).toBe(503);
  expect((await chat.ask({ query: 'What is RAG?' }, { headers: { 'idempotency-key': 'once' } })).status).toBe(503);
  proxy.restore();
  const allTime = { from: new Date(0), to: new Date(Date.now() + 3_600_000) };
  await expect.poll(async () => (await measurePeriod(db.pool, allTime)).failedQueries, { interval: 200 }).toBe(3);
  expect(await db.query('select distinct stage, failure from chat_failure')).toEqual([
    { stage: 'admit', failure: 'database_unavailable' },
  ]);
  await chat.close();
  await proxy.close();
});
