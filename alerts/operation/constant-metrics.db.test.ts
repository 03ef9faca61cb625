/** The programs expose from their start what RagSeriesMissing expects of them. */
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { testDatabase } from '../../test/kit/database/test-database.ts';
import { killLeftovers, startChild } from '../../test/kit/programs/child.ts';
import { freePort } from '../../test/kit/servers/free-port.ts';
import { constantMetrics } from './input-alerts.ts';

vi.setConfig({ testTimeout: 120_000 });

const db = await testDatabase();
const program = (name: string) => fileURLToPath(new URL(`../../services/${name}`, import.meta.url));
killLeftovers();

async function namesAt(port: number): Promise<ReadonlySet<string>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return new Set(text.split('\n').map((line) => line.replace(/[{ ].*/, '')));
}

test('a new chat server', async () => {
  const port = await freePort();
  startChild(process.execPath, ['--import', program('telemetry/tracing/start-sdk.ts'), program('chat-server.ts')], {
    env: { DATABASE_URL: db.url, PORT: String(await freePort()), METRICS_PORT: String(port), DEV_AUTH: '1' },
  });
  await expect
    .poll(async () => [...(await namesAt(port).catch(() => new Set()))], { timeout: 20_000 })
    .toEqual(expect.arrayContaining([...constantMetrics.chat]));
});

test('a new worker', async () => {
  const port = await freePort();
  startChild(process.execPath, [program('worker.ts')], {
    env: { DATABASE_URL: db.url, WORKER_METRICS_PORT: String(port) },
  });
  await expect
    .poll(async () => [...(await namesAt(port).catch(() => new Set()))], { timeout: 20_000 })
    .toEqual(expect.arrayContaining([...constantMetrics.worker]));
});
