import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { killLeftovers, startChild } from '../../test/kit/programs/child.ts';
import { freePort } from '../../test/kit/servers/free-port.ts';
import { migrate } from '../postgres/migrations/migrate.ts';
import { acquireDatabase } from './acquire-database.ts';
import { runningServer } from './running-server.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'rag-home-'));
const settings = { dataDir, databaseUrl: undefined, postgresPort: await freePort() };
const cluster = join(dataDir, 'postgres', 'cluster');
const holder = join(import.meta.dirname, '../../test/kit/database/run-embedded.ts');
const hold = () => startChild(process.execPath, [holder, dataDir, String(settings.postgresPort)]);

killLeftovers();
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }); // initdb waits for slow disks
afterAll(async () => {
  await (await acquireDatabase(settings, () => {})).release();
  rmSync(dataDir, { recursive: true, force: true });
});

test('programs that start concurrently share one server, and the last to leave stops it', {
  timeout: 120_000,
}, async () => {
  const [first, second] = [hold(), hold()];
  const urls = await Promise.all([first.line(/url/), second.line(/url/)]);
  expect(urls[0]).toBe(urls[1]);

  first.process.stdin?.end();
  expect(await first.ended()).toBe(0);
  expect(runningServer(cluster)).not.toBe(null);

  second.process.stdin?.end();
  expect(await second.ended()).toBe(0);
  expect(runningServer(cluster)).toBe(null);
});

test('after kill -9 of the program that started it, the next one adopts the running server and stops it', async () => {
  const killed = hold();
  const { url } = JSON.parse(await killed.line(/url/));
  const { pid } = runningServer(cluster) ?? {};
  killed.process.kill('SIGKILL');
  expect(await killed.ended()).toBe('SIGKILL');

  const database = await acquireDatabase(settings, () => {});
  expect(database).toMatchObject({ url, embedded: true });
  expect(runningServer(cluster)?.pid).toBe(pid);
  await database.release();
  expect(runningServer(cluster)).toBe(null);
});

test('a killed server is restarted on the same port', { timeout: 120_000 }, async () => {
  const database = await acquireDatabase(settings, () => {});
  expect(await database.revive()).toBe(false);
  process.kill(runningServer(cluster)?.pid ?? 0, 'SIGKILL');
  await expect.poll(() => runningServer(cluster)).toBe(null);
  expect(await database.revive()).toBe(true);
  expect(await migrate(database.url)).toContain('0001_lms-tables');
  await database.release();
  expect(await database.revive()).toBe(false);
});

test('DATABASE_URL is used unchanged, and recognised if it is the embedded server', async () => {
  const own = await acquireDatabase(settings, () => {});
  const handedDown = await acquireDatabase({ ...settings, databaseUrl: own.url }, () => {});
  expect(handedDown).toMatchObject({ url: own.url, embedded: true });
  await handedDown.release();
  expect(runningServer(cluster)).not.toBe(null);
  await own.release();

  const url = 'postgres://someone:secret@db.example:5432/lms';
  expect(await acquireDatabase({ ...settings, databaseUrl: url }, () => {})).toMatchObject({ url, embedded: false });
});

test('an invalid DATA_DIR is reported by name', async () => {
  const blocked = { ...settings, dataDir: join('/dev/null', 'data') };
  await expect(acquireDatabase(blocked, () => {})).rejects.toThrow(/Cannot use DATA_DIR: .*\/dev\/null/);
});
