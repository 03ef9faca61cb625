/** Prepares the stack's database with the real psql: each program works with its own login and has no other privileges. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseMetrics } from '../../services/catalogue/other-metrics.ts';
import { type Embedded, startEmbedded } from '../../services/embedded-postgres/server.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { killLeftovers, startChild } from '../kit/programs/child.ts';
import { freePort } from '../kit/servers/free-port.ts';
import { copyImageFiles } from './image-files.ts';
import { environmentOf, root } from './stack-files.ts';

const missing = (program: string) => spawnSync(program, ['--version']).error !== undefined;
const noPsql = missing('psql') ? 'psql is not installed (Debian: apt-get install postgresql-client)' : null;
const exporter = 'prometheus-postgres-exporter';
const noExporter = missing(exporter) ? `${exporter} is not installed (Debian: apt-get install ${exporter})` : null;

const directory = mkdtempSync(join(tmpdir(), 'stack-'));
let server: Embedded | undefined;
killLeftovers();

beforeAll(async () => {
  if (noPsql !== null) return;
  const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
  server = await startEmbedded({
    dataDir: join(directory, 'data'),
    port: await freePort(),
    settings,
    log: () => {},
  });
  // The test server has an owner and a database of these names already; the stack's server does not.
  await asSuperuser('drop database rag with (force)');
  await asSuperuser('drop role rag_owner');
  // Twice, because it runs at each `up`.
  for (const _time of [1, 2]) prepare();
  await migrate(urlOf('migrate'));
});

afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

function running(): Embedded {
  if (server === undefined) throw new Error('no server');
  return server;
}

function prepare(): void {
  const { hostname, port, username, password } = new URL(running().superuserUrl);
  const own = { PGHOST: hostname, PGPORT: port, PGUSER: username, PGPASSWORD: decodeURIComponent(password) };
  const env = { ...process.env, ...environmentOf('prepare-database'), ...own, PGDATABASE: 'postgres' };
  const args = ['--no-psqlrc', '--quiet', '--file=stack/postgres/prepare.sql'];
  const { status, stderr } = spawnSync('psql', args, { cwd: root, env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
}

/** The database URL of a service, with the address of the test server. */
function urlOf(service: string): string {
  const url = new URL(environmentOf(service).DATABASE_URL ?? '');
  url.hostname = '127.0.0.1';
  url.port = String(running().port);
  return url.href;
}

async function ask(url: string, ...statements: string[]): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
    return 'done';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.end();
  }
}

async function asSuperuser(statement: string): Promise<void> {
  const url = new URL(running().superuserUrl);
  url.pathname = '/postgres';
  expect(await ask(url.href, statement)).toBe('done');
}

function loginUrl(user: string, password: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${running().port}/rag`;
}

test('each login has the privileges of its program after `set role`, and none of another’s', async ({ skip }) => {
  if (noPsql !== null) skip(noPsql);
  const chat = urlOf('chat');
  const worker = urlOf('worker');
  const grafana = loginUrl('rag_grafana_login', environmentOf('grafana').DB_GRAFANA_PASSWORD ?? '');
  const refused = /permission denied/;
  expect(await ask(chat, 'set role rag_app', 'select id from ai_dialogue_log')).toBe('done');
  expect(await ask(chat, 'set role rag_worker')).toMatch(refused);
  expect(await ask(chat, 'select id from ai_dialogue_log')).toMatch(refused);
  expect(await ask(worker, 'set role rag_worker', 'select id from ai_dialogue_log')).toBe('done');
  expect(await ask(worker, 'set role rag_recorder')).toMatch(refused);
  expect(await ask(grafana, 'select id from answers')).toBe('done');
  expect(await ask(grafana, 'select id from public.ai_dialogue_log')).toMatch(refused);
  expect(await ask(grafana, 'set role rag_auditor')).toMatch(refused);
});

test('the programs of the image answer, record and roll up with those logins', { timeout: 120_000 }, async ({
  skip,
}) => {
  if (noPsql !== null) skip(noPsql);
  const cwd = copyImageFiles();
  const [port, metricsPort, workerPort] = [await freePort(), await freePort(), await freePort()];
  const here = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    DATA_DIR: join(directory, 'chat'),
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    WORKER_METRICS_PORT: String(workerPort),
    OTEL_EXPORTER_OTLP_ENDPOINT: '',
  };
  const start = (service: string, ...args: string[]) =>
    startChild(process.execPath, args, {
      cwd,
      env: { ...environmentOf(service), ...here, DATABASE_URL: urlOf(service) },
    });
  const chat = start('chat', '--import', './services/telemetry/tracing/start-sdk.ts', 'services/chat-server.ts');
  const worker = start('worker', 'services/worker.ts');
  await Promise.all([chat.line(/chat server listening/), worker.line(/worker started/)]);

  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  const token = await start('cli', 'services/cli.ts', 'token').line(/^eyJ/);
  const answer = await fetch(`http://127.0.0.1:${port}/api/ai/chat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'Who owns the copyright of an answer?' }),
  });
  expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ outcome: 'no_answer' })]);
  const metrics = await (await fetch(`http://127.0.0.1:${workerPort}/metrics`)).text();
  expect(metrics).toMatch(/^rag_worker_database_up 1$/m);

  for (const child of [chat, worker]) child.process.kill('SIGTERM');
  await Promise.all([chat.ended(), worker.ended()]);
});

test('postgres_exporter exposes every metric that the rules use', async ({ skip }) => {
  if (noPsql !== null) skip(noPsql);
  if (noExporter !== null) skip(noExporter);
  const port = await freePort();
  const { DATA_SOURCE_URI = '', ...environment } = environmentOf('postgres-exporter');
  const env = {
    ...environment,
    DATA_SOURCE_URI: DATA_SOURCE_URI.replace('postgres:5432', `127.0.0.1:${running().port}`),
    PG_EXPORTER_EXTEND_QUERY_PATH: join(root, 'stack/postgres/queries.yaml'),
  };
  const child = startChild(exporter, [`--web.listen-address=127.0.0.1:${port}`], { env });
  const metrics = await textOnce(`http://127.0.0.1:${port}/metrics`);
  for (const name of Object.values(databaseMetrics))
    expect(metrics).toMatch(new RegExp(`^${name}(\\{.*\\})? \\d`, 'm'));
  expect(metrics).toMatch(new RegExp(`^${databaseMetrics.up} 1$`, 'm'));
  expect(metrics).toMatch(new RegExp(`^${databaseMetrics.longestLockWait}(\\{.*\\})? 0$`, 'm'));
  child.process.kill('SIGTERM');
  await child.ended();
});

/** Retries until the server listens. */
async function textOnce(url: string): Promise<string> {
  for (;;) {
    const response = await fetch(url).catch(() => null);
    if (response !== null) return response.text();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
