import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { queryRows } from '../../test/kit/database/query-rows.ts';
import { freePort } from '../../test/kit/servers/free-port.ts';
import { processStart } from '../runtime/process-identity.ts';
import { type Embedded, type EmbeddedOptions, startEmbedded } from './server.ts';

const isRoot = process.getuid?.() === 0;
const root = mkdtempSync(join(tmpdir(), 'rag-embedded-'));
const dataDir = join(root, 'data');
const fast = { fsync: 'off', full_page_writes: 'off' };
const start = (more: Partial<EmbeddedOptions> = {}) =>
  startEmbedded({ dataDir, settings: fast, log: () => {}, ...more });

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }); // initdb waits for slow disks
let server: Embedded;
beforeAll(async () => {
  chmodSync(root, 0o711);
  vi.stubEnv('LC_ALL', 'ja_JP.eucJP');
  vi.stubEnv('PGSSLMODE', 'require');
  vi.stubEnv('PGDATA', '/nonexistent');
  server = await start({ port: await freePort() });
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

test('the first start creates a UTF-8 database in UTC whatever the environment', async () => {
  expect(server.adopted).toBe(false);
  const [row] = await queryRows(
    server.url,
    `select current_setting('server_encoding') as encoding, current_setting('timezone') as timezone,
       length('検索😀') as length, lower('ÀÉ') as lower, rolsuper from pg_roles where rolname = current_user`,
  );
  expect(row).toEqual({ encoding: 'UTF8', timezone: 'UTC', length: 3, lower: 'àé', rolsuper: false });
});

test('passwords are readable only by their owner, and required to connect', async () => {
  expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(dataDir, 'postgres')).filter((name) => name.includes('password'))).toEqual([]);
  const wrong = new URL(server.url);
  wrong.password = 'wrong';
  await expect(queryRows(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
});

test('a running server is adopted', async () => {
  const again = await start();
  expect(again).toMatchObject({ adopted: true, pid: server.pid, url: server.url });
});

test('after kill -9 of the server, committed rows are intact and the port is the same', async () => {
  await queryRows(server.url, 'create table kept as select 17 as number');
  process.kill(server.pid, 'SIGKILL');
  const next = await start();
  expect(next).toMatchObject({ adopted: false, url: server.url });
  expect(await queryRows(next.url, 'select number from kept')).toEqual([{ number: 17 }]);
  server = next;
});

test('the start waits for backends that outlive a killed server', async () => {
  const client = new pg.Client(server.url);
  client.on('error', () => {});
  await client.connect();
  const backend = (await client.query('select pg_backend_pid() as pid')).rows[0].pid;
  const busy = client.query(`do $$ declare till timestamptz := clock_timestamp() + '1.5 s';
    begin while clock_timestamp() < till loop end loop; end $$`);
  const failed = busy.then(
    () => 'answered',
    () => 'cut',
  );
  await rowsUntil(server.url, `select 1 from pg_stat_activity where pid = ${backend} and state = 'active'`);
  process.kill(server.pid, 'SIGKILL');
  server = await start();
  expect(processStart(backend)).toBe(null);
  await failed;
  await client.end().catch(() => {});
});

test('a stale postmaster.pid whose process id was reused does not prevent the start', async () => {
  await server.stop();
  const { uid, gid } = statSync(join(dataDir, 'postgres', 'cluster'));
  const stranger = spawn('sleep', ['60'], isRoot ? { uid, gid } : {});
  await once(stranger, 'spawn');
  try {
    const cluster = join(dataDir, 'postgres', 'cluster');
    const lines = [stranger.pid, cluster, 1_700_000_000, 54_321, '', '127.0.0.1', '12345 1', 'ready', ''];
    writeFileSync(join(cluster, 'postmaster.pid'), lines.join('\n'));
    server = await start();
    expect(server.adopted).toBe(false);
    expect(stranger.exitCode).toBe(null);
  } finally {
    stranger.kill();
  }
});

test('a copy of a running server’s directory is a separate server', async () => {
  const copy = join(root, 'copy');
  execFileSync('cp', ['-a', dataDir, copy]);
  const other = await start({ dataDir: copy });
  expect(other.adopted).toBe(false);
  expect(other.pid).not.toBe(server.pid);
  expect(new URL(other.url).port).not.toBe(new URL(server.url).port);
  await other.stop();
  expect(await queryRows(server.url, 'select number from kept')).toEqual([{ number: 17 }]);
});

test('an interrupted creation of the cluster is completed by the next start', { timeout: 120_000 }, async () => {
  const half = join(root, 'half');
  mkdirSync(join(half, 'postgres', 'making-4711', 'base'), { recursive: true });
  const other = await start({ dataDir: half });
  expect(await queryRows(other.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(readdirSync(join(half, 'postgres')).sort()).toEqual(['cluster', 'server.log']);
  await other.stop();
});

test('a port in use is reported with the fix', async () => {
  await server.stop();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(start({ port })).rejects.toThrow(
    new RegExp(`POSTGRES_PORT: port ${port} is already in use.*Set POSTGRES_PORT to a free port`),
  );
  other.close();
  await once(other, 'close');
  server = await start({ port });
  expect(server.port).toBe(port);
});

test('a missing password file is reported', async () => {
  const lost = join(root, 'lost');
  mkdirSync(join(lost, 'postgres', 'cluster'), { recursive: true });
  await expect(start({ dataDir: lost })).rejects.toThrow(`${join(lost, 'postgres.json')} is missing`);
});

test('a running server with other passwords is reported at once', async () => {
  const file = join(dataDir, 'postgres.json');
  const right = readFileSync(file, 'utf8');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(right), passwords: { superuser: 'other', owner: 'other' } }));
  await expect(start()).rejects.toThrow(/rejects the owner's password from postgres\.json.*server\.log/);
  writeFileSync(file, right);
});

test('user text does not reach the log, even if a row fails', async () => {
  const secret = 'very-private-text';
  await queryRows(server.url, 'create table strict (text text check (length(text) < 3))');
  await expect(queryRows(server.url, `insert into strict values ('${secret}')`)).rejects.toThrow('strict_text_check');
  const log = readFileSync(join(dataDir, 'postgres', 'server.log'), 'utf8');
  expect(log).toContain('strict_text_check');
  expect(log).not.toContain(secret);
});

async function rowsUntil(url: string, sql: string): Promise<void> {
  while ((await queryRows(url, sql)).length === 0);
}
