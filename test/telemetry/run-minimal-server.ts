/** Runs the minimal chat server with the telemetry preloaded, like the real one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const startSdk = fileURLToPath(new URL('../../services/telemetry/tracing/start-sdk.ts', import.meta.url));
const program = fileURLToPath(new URL('minimal-server.ts', import.meta.url));

export type Ended = { code: number | null; stdout: string; stderr: string; strangers: number[]; shutdownMs: number };

export type MinimalServer = {
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Record<string, string>>;
  get(path: string): Promise<string>;
  scrape(): Promise<string>;
  end(): Promise<Ended>;
};

/** @param env in addition to DATABASE_URL and METRICS_PORT */
export async function runMinimalServer(databaseUrl: string, env: Record<string, string> = {}): Promise<MinimalServer> {
  const metricsPort = await freePort();
  const child = start({ DATABASE_URL: databaseUrl, METRICS_PORT: String(metricsPort), ...env });
  const ended = outcome(child);
  const ready = await Promise.race([once(child, 'message'), ended]);
  if (!Array.isArray(ready)) throw new Error(`the minimal server exited: ${ready.stderr}`);
  const base = `http://127.0.0.1:${(ready[0] as { port: number }).port}`;
  return {
    async post(path, body, more = {}) {
      const headers = { 'content-type': 'application/json', authorization: 'Bearer very-secret', ...more };
      const reply = await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await reply.text();
      return text === '' ? {} : JSON.parse(text);
    },
    get: async (path) => (await fetch(base + path)).text(),
    scrape: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
    async end() {
      if (child.connected) child.disconnect();
      const { code, stdout, stderr } = await ended;
      return { code, stdout, stderr, ...JSON.parse(stdout.trim().split('\n').at(-1) ?? '') };
    },
  };
}

/** Starts it with settings that must fail. */
export function failToStart(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  return outcome(start(env));
}

function start(env: Record<string, string>): ChildProcess {
  const PATH = process.env.PATH ?? '';
  return spawn(process.execPath, ['--import', startSdk, program], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

async function outcome(child: ChildProcess) {
  if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    // Not `close`, which Node does not emit after the parent has closed the channel.
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
