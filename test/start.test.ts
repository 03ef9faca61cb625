import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { runningServer } from '../services/embedded-postgres/running-server.ts';
import { developmentSecret } from '../services/runtime/development-secret.ts';
import { processStart } from '../services/runtime/process-identity.ts';
import { killLeftovers, startChild } from './kit/child.ts';
import { freePort } from './kit/free-port.ts';

const directory = mkdtempSync(join(tmpdir(), 'rag-start-'));
const dataDir = join(directory, 'data');
const cluster = join(dataDir, 'postgres', 'cluster');
const port = String(await freePort());
const service = join(import.meta.dirname, 'kit', 'tiny-service.ts');
const stopRequest = JSON.stringify(join(import.meta.dirname, '..', 'services', 'runtime', 'shutdown-signal.ts'));

const drainMs = 3_000; // tiny-service's

/** Tells its id, is ready, and when asked to stop works half a second on the database before it ends. */
const drains = `
  import { listenForStop } from ${stopRequest};
  import pg from ${JSON.stringify(import.meta.resolve('pg'))};
  const stop = listenForStop();
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
  pool.on('error', () => {});
  await pool.query('set role rag_app; select 1 from passage');
  console.log('child', process.pid);
  process.send('ready');
  const alive = setInterval(() => {}, 1000);
  await stop.requested;
  stop.forced.then(() => console.log('hurried'));
  const { rows } = await pool.query('select 7 as seven from pg_sleep(0.6)');
  await pool.end();
  console.log('drained', rows[0].seven);
  clearInterval(alive);
  process.exit(0);`;
const stuck = `process.on('SIGTERM', () => {}); console.log('child', process.pid); process.send('ready'); setInterval(() => {}, 1000);`;

const start = (programs: string[], env: Record<string, string> = {}) =>
  startChild(process.execPath, [service, ...programs], {
    env: { PATH: '/usr/bin:/bin', DATA_DIR: dataDir, POSTGRES_PORT: port, ...env },
  });
const childId = async (child: ReturnType<typeof start>) => Number((await child.line(/^child/)).split(' ')[1]);

killLeftovers();
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }); // initdb waits for slow disks
afterAll(async () => {
  const last = start(['process.exit(3)']);
  await last.ended(); // adopts what a failed test left running, and stops it
  rmSync(directory, { recursive: true, force: true });
});

test('a Ctrl-C lets the programs finish, stops the database last and exits 130, though it arrives twice', async () => {
  const first = start([drains, drains]);
  await first.line(/everything answers/);
  expect(first.written()).toMatch(/Database migrated: \d+ migrations/);
  expect(first.written()).toContain('prepared');

  const second = start([drains]);
  expect(await second.ended()).toBe(1);
  expect(second.written()).toContain(
    `already running on ${dataDir}: process ${first.process.pid}, http://localhost:3000`,
  );

  first.process.kill('SIGINT');
  first.process.kill('SIGINT');
  expect(await first.ended()).toBe(130);
  expect(first.written().match(/drained 7/g)).toHaveLength(2);
  expect(first.written()).not.toContain('hurried');
  expect(runningServer(cluster)).toBe(null);
});

test('a second start finds its tables, and SIGTERM exits 143', async () => {
  const child = start([drains]);
  await child.line(/everything answers/);
  expect(child.written()).not.toContain('migrations');
  child.process.kill('SIGTERM');
  expect(await child.ended()).toBe(143);
});

test('a terminal that has gone does not cut the drain short', async () => {
  const child = start([drains]);
  await child.line(/everything answers/);
  child.process.stdout?.destroy();
  child.process.stderr?.destroy();
  child.process.kill('SIGHUP');
  expect(await child.ended()).toBe(129);
  expect(runningServer(cluster)).toBe(null);
});

test('a program that ends takes the rest down with its exit code', async () => {
  const child = start([drains, 'setTimeout(() => process.exit(5), 800)']);
  expect(await child.ended()).toBe(5);
  expect(child.written()).toContain('The worker exited (exit code 5). Stopping.');
  expect(child.written()).toContain('drained 7');
  expect(runningServer(cluster)).toBe(null);
});

test('a program that never stops is killed when the person insists', async () => {
  const child = start([stuck]);
  const id = await childId(child);
  await child.line(/everything answers/);
  const insisted = performance.now();
  const isGone = () => processStart(id) === null || !child.process.kill('SIGINT');
  await expect.poll(isGone, { interval: 200, timeout: drainMs }).toBe(true);
  expect(performance.now() - insisted).toBeLessThan(drainMs);
  expect(await child.ended()).toBe(130);
});

test('programs end when kill -9 takes the one that started them; the next start adopts the database', async () => {
  const killed = start([drains]);
  const id = await childId(killed);
  await killed.line(/everything answers/);
  const server = runningServer(cluster);
  expect(server).not.toBe(null);
  killed.process.kill('SIGKILL');
  await expect.poll(() => processStart(id)).toBe(null);

  const next = start([drains]);
  await next.line(/everything answers/);
  expect(runningServer(cluster)?.pid).toBe(server?.pid);

  process.kill(server?.pid ?? 0, 'SIGKILL');
  await next.line(/PostgreSQL stopped unexpectedly and was restarted/);
  next.process.kill('SIGTERM');
  expect(await next.ended()).toBe(143);
  expect(next.written()).toContain('drained 7');
  expect(runningServer(cluster)).toBe(null);
});

test('a database that dies while the programs drain is started once more for them', async () => {
  const insists = `
    import pg from ${JSON.stringify(import.meta.resolve('pg'))};
    const alive = setInterval(() => {}, 1000);
    process.once('SIGTERM', async () => {
      console.log('stopping');
      let rows = null;
      while (rows === null) {
        const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
        client.on('error', () => {});
        // As long as it takes to be sure that the server which is to die is gone.
        rows = await client.connect().then(() => client.query('select 7 as seven from pg_sleep(2)')).then((found) => found.rows, () => null);
        await client.end().catch(() => {});
      }
      console.log('recorded', rows[0].seven);
      process.exit(0);
    });
    process.send('ready');`;
  const child = start([insists], { DRAIN_MS: '60000' });
  await child.line(/everything answers/);
  child.process.kill('SIGTERM');
  await child.line(/^stopping/);
  process.kill(runningServer(cluster)?.pid ?? 0, 'SIGKILL');
  expect(await child.ended()).toBe(143);
  expect(child.written()).toContain('recorded 7');
  expect(runningServer(cluster)).toBe(null);
});

test('with a DATABASE_URL no server is started', async () => {
  const other = join(directory, 'other');
  const url = 'postgres://nobody:nothing@127.0.0.1:1/none';
  const child = start([drains], { DATA_DIR: other, DATABASE_URL: url });
  expect(await child.ended()).toBe(1);
  expect(child.written()).toContain('127.0.0.1:1');
  expect(existsSync(join(other, 'postgres'))).toBe(false);
});

test('the development secret is made once and is for its owner alone', () => {
  const secret = developmentSecret(directory);
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(developmentSecret(directory)).toBe(secret);
  expect(readFileSync(join(directory, 'development-secret'), 'utf8')).toBe(`${secret}\n`);
});
