import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { killLeftovers, startChild } from '../test/kit/programs/child.ts';
import { freePort } from '../test/kit/servers/free-port.ts';

const program = fileURLToPath(new URL('chat-server.ts', import.meta.url));
const telemetry = fileURLToPath(new URL('telemetry/tracing/start-sdk.ts', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'rag-chat-server-'));
killLeftovers();
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function start(env: Record<string, string>) {
  return startChild(process.execPath, ['--import', telemetry, program], {
    env: { DATA_DIR: dataDir, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', ...env },
  });
}

test('a draining server exits at once on a second signal', { timeout: 120_000 }, async () => {
  const port = await freePort();
  const server = start({ PORT: String(port), METRICS_PORT: String(await freePort()) });
  await server.line(/chat server listening/);
  // The drain waits for a request that is never completed.
  const unfinished = connect(port, '127.0.0.1').on('error', () => {});
  unfinished.write('POST /api/ai/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\n{');
  await fetch(`http://127.0.0.1:${port}/healthz`);
  server.process.kill('SIGTERM');
  await server.line(/draining/);
  const signalledAt = performance.now();
  let over = false;
  const ended = server.ended().finally(() => {
    over = true;
  });
  await expect.poll(() => over || !server.process.kill('SIGTERM'), { interval: 200 }).toBe(true);
  expect(performance.now() - signalledAt).toBeLessThan(5_000);
  expect(await ended).toBe(143);
  unfinished.destroy();
});

test('a port in use prevents the start and names the variable', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  const server = start({ PORT: String(port), METRICS_PORT: String(await freePort()) });
  expect(await server.ended()).toBe(1);
  expect(server.written()).toBe(
    `PORT: port ${port} is already in use on 127.0.0.1. Stop the program that listens there, or set PORT to a free port.\n`,
  );
  await new Promise((resolve) => taken.close(resolve));
});
