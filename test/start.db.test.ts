import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { runningServer } from '../services/embedded-postgres/running-server.ts';
import { developmentSecret } from '../services/runtime/development-secret.ts';
import { processStart } from '../services/runtime/process-identity.ts';
import { killLeftovers, startChild } from './kit/programs/child.ts';
import { freePort } from './kit/servers/free-port.ts';

const directory = mkdtempSync(join(tmpdir(), 'rag-start-'));
const dataDir = join(directory, 'data');
const cluster = join(dataDir, 'postgres', 'cluster');
const port = String(await freePort());
const service = join(import.meta.dirname, 'kit', 'programs', 'minimal-service.ts');
const shutdownSignal = JSON.stringify(join(import.meta.dirname, '..', 'services', 'runtime', 'shutdown-signal.ts'));

const drainMs = 3_000; // minimal-service's

/** Prints its id, sends ready, and on a stop request uses the database for half a second before it exits. */
const drains = `
  import { listenForStop } from ${shutdownSignal};
  import pg from ${JSON.stringify(import.meta.resolve('pg'))};
  const stop = listenForStop();
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
  pool.on('error', () => {});
  await pool.query('set role rag_app; select 1 from passage');
  console.log('child', process.pid);
  process.send('ready');
  const alive = setInterval(() => {}, 1000);
  await stop.requested;
  stop.forced.then(() => console.log('forced'));
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
  await last.ended(); // adopts and stops what a failed test left running
  rmSync(directory, { recursive: true, force: true });
});

test('Ctrl-C drains the programs, stops the database last and exits 130, although the signal arrives twice', {
  timeout: 120_000,
}, async () => {
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
  expect(first.written()).not.toContain('forced');
  expect(runningServer(cluster)).toBe(null);
});

test('a second start needs no migrations, and SIGTERM exits 143', { timeout: 120_000 }, async () => {
  const child = start([drains]);
  await child.line(/everything answers/);
  expect(child.written()).not.toContain('migrations');
  child.process.kill('SIGTERM');
  expect(await child.ended()).toBe(143);
});

test('a closed terminal does not interrupt the drain', async () => {
  const child = start([drains]);
  await child.line(/everything answers/);
  child.process.stdout?.destroy();
  child.process.stderr?.destroy();
  child.process.kill('SIGHUP');
  expect(await child.ended()).toBe(129);
  expect(runningServer(cluster)).toBe(null);
});

test('when a program exits, the rest stops with its exit code', async () => {
  const child = start([drains, 'setTimeout(() => process.exit(5), 800)']);
  expect(await child.ended()).toBe(5);
  expect(child.written()).toContain('The worker exited (exit code 5). Stopping.');
  expect(child.written()).toContain('drained 7');
  expect(runningServer(cluster)).toBe(null);
});

test('a program that does not stop is killed on a second signal', async () => {
  const child = start([stuck]);
  const id = await childId(child);
  await child.line(/everything answers/);
  const signalledAt = performance.now();
  const isGone = () => processStart(id) === null || !child.process.kill('SIGINT');
  await expect.poll(isGone, { interval: 200, timeout: drainMs }).toBe(true);
  expect(performance.now() - signalledAt).toBeLessThan(drainMs);
  expect(await child.ended()).toBe(130);
});

test('after kill -9 of the supervisor its programs exit, and the next start adopts the database', {
  timeout: 120_000,
}, async () => {
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

test('a database that dies during the drain is restarted', { timeout: 120_000 }, async () => {
  const waitsForDatabase = `
    import pg from ${JSON.stringify(import.meta.resolve('pg'))};
    const alive = setInterval(() => {}, 1000);
    process.once('SIGTERM', async () => {
      console.log('stopping');
      let rows = null;
      while (rows === null) {
        const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
        client.on('error', () => {});
        // Long enough for the killed server to be gone.
        rows = await client.connect().then(() => client.query('select 7 as seven from pg_sleep(2)')).then((found) => found.rows, () => null);
        await client.end().catch(() => {});
      }
      console.log('recorded', rows[0].seven);
      process.exit(0);
    });
    process.send('ready');`;
  const child = start([waitsForDatabase], { DRAIN_MS: '60000' });
  await child.line(/everything answers/);
  child.process.kill('SIGTERM');
  await child.line(/^stopping/);
  process.kill(runningServer(cluster)?.pid ?? 0, 'SIGKILL');
  expect(await child.ended()).toBe(143);
  expect(child.written()).toContain('recorded 7');
  expect(runningServer(cluster)).toBe(null);
});

test('with DATABASE_URL no embedded server is started', async () => {
  const other = join(directory, 'other');
  const url = 'postgres://nobody:nothing@127.0.0.1:1/none';
  const child = start([drains], { DATA_DIR: other, DATABASE_URL: url });
  expect(await child.ended()).toBe(1);
  expect(child.written()).toContain('127.0.0.1:1');
  expect(existsSync(join(other, 'postgres'))).toBe(false);
});

test('the development secret is created once and readable only by its owner', () => {
  const secret = developmentSecret(directory);
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(developmentSecret(directory)).toBe(secret);
  expect(readFileSync(join(directory, 'development-secret'), 'utf8')).toBe(`${secret}\n`);
});
