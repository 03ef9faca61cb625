import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { insertDialogue } from '../test/kit/database/fixtures.ts';
import { testDatabase } from '../test/kit/database/test-database.ts';
import { killLeftovers, startChild } from '../test/kit/programs/child.ts';
import { tcpProxy } from '../test/kit/servers/tcp-proxy.ts';
import { addDays, dayOf, startOf } from './rollup/day.ts';

const db = await testDatabase();
killLeftovers();

const program = fileURLToPath(new URL('worker.ts', import.meta.url));
const today = dayOf(new Date());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function environment(port: number, databaseUrl: string) {
  return { DATABASE_URL: databaseUrl, WORKER_METRICS_PORT: String(port), LLM_BASE_URL: '' };
}

function start(port: number, databaseUrl = db.url) {
  return startChild(process.execPath, [program], { env: environment(port, databaseUrl) });
}

async function metricsAt(port: number): Promise<Map<string, number>> {
  // Prometheus's default scrape timeout.
  const signal = AbortSignal.timeout(10_000);
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { signal })).text();
  const samples = text.split('\n').filter((line) => line.startsWith('rag_'));
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

test('a starting worker rolls up missed days, and a restart keeps its metrics', { timeout: 120_000 }, async () => {
  await insertDialogue(db, { created_at: startOf(addDays(today, -3)), latency_ms: 431 });
  const port = await freePort();
  const first = start(port);
  await first.line(new RegExp(`"day":"${addDays(today, -1)}".*day rolled up`));
  const days = await db.query('select date, total_queries from rag_metrics_history order by date');
  expect(days).toEqual([
    { date: addDays(today, -3), total_queries: 1 },
    { date: addDays(today, -2), total_queries: 0 },
    { date: addDays(today, -1), total_queries: 0 },
  ]);
  expect(await db.query('select service, date, total_queries from rag_service_metrics_history')).toEqual([
    { service: 'rag-chat', date: addDays(today, -3), total_queries: 1 },
  ]);
  const before = await metricsAt(port);
  expect(before.get('rag_rollup_runs_total{state="succeeded"}')).toBe(1);
  // One for each day, and one for the service that had a question.
  expect(before.get('rag_rollup_rows_written')).toBe(4);
  expect(before.get('rag_rollup_consecutive_failures')).toBe(0);
  first.process.kill('SIGTERM');
  expect(await first.ended()).toBe(143);

  const again = start(port);
  await again.line(/worker started/);
  const after = await metricsAt(port);
  for (const name of ['rag_rollup_last_success_timestamp_seconds', 'rag_rollup_last_duration_seconds']) {
    expect(before.get(name)).toBeGreaterThan(0);
    expect(after.get(name)).toBe(before.get(name));
  }
  again.process.kill('SIGINT');
  expect(await again.ended()).toBe(130);
  expect(await db.query(`select * from job_run where state = 'running'`)).toEqual([]);
});

test('without a database a worker logs it, serves metrics, and stops at once', async () => {
  const port = await freePort();
  const worker = start(port, `postgres://nobody@127.0.0.1:${await freePort()}/none`);
  expect(await worker.line(/rollup delayed: database unavailable/)).toContain('ECONNREFUSED');
  const metrics = await metricsAt(port);
  expect(metrics.get('rag_worker_database_up')).toBe(0);
  expect(metrics.has('rag_rollup_last_success_timestamp_seconds')).toBe(false);
  worker.process.kill('SIGTERM');
  expect(await worker.ended()).toBe(143);
});

test('with a hanging database a worker reports it before the scrape times out', async () => {
  const { hostname, port: target } = new URL(db.url);
  const proxy = await tcpProxy({ host: hostname, port: Number(target) });
  const through = new URL(db.url);
  through.port = String(proxy.port);
  const port = await freePort();
  const worker = start(port, through.href);
  await worker.line(/worker started/);
  expect((await metricsAt(port)).get('rag_worker_database_up')).toBe(1);
  proxy.freeze();
  expect((await metricsAt(port)).get('rag_worker_database_up')).toBe(0);
  worker.process.kill('SIGKILL');
  await worker.ended();
  await proxy.close();
});

test('a metrics port in use prevents the start and names the variable', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const worker = start(port);
  expect(await worker.ended()).toBe(1);
  expect(worker.written()).toBe(
    `WORKER_METRICS_PORT: port ${port} is already in use on 127.0.0.1. Stop the program that listens there, or set WORKER_METRICS_PORT to a free port.\n`,
  );
  taken.close();
});

test('a worker without DATABASE_URL prints what to do', async () => {
  const worker = startChild(process.execPath, [program], { env: {} });
  expect(await worker.ended()).toBe(1);
  expect(worker.written()).toMatch(/^DATABASE_URL: .*npm start/);
});

test('a worker sends ready to its parent, and exits when the parent does', async () => {
  const child: ChildProcess = spawn(process.execPath, [program], {
    env: { ...environment(await freePort(), db.url), LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message] = await once(child, 'message');
  expect(message).toBe('ready');
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});
