/** Runs the small chat server with the telemetry loaded before it, as the real one is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const startSdk = fileURLToPath(new URL('../../services/telemetry/tracing/start-sdk.ts', import.meta.url));
const program = fileURLToPath(new URL('small-server.ts', import.meta.url));

export type Ended = { code: number | null; stdout: string; stderr: string; strangers: number[]; shutdownMs: number };

export type SmallServer = {
  post(path: string, body: unknown): Promise<Record<string, string>>;
  get(path: string): Promise<string>;
  scrape(): Promise<string>;
  end(): Promise<Ended>;
};

/** @param env beside DATABASE_URL and METRICS_PORT */
export async function runSmallServer(databaseUrl: string, env: Record<string, string> = {}): Promise<SmallServer> {
  const metricsPort = await freePort();
  const child = start({ DATABASE_URL: databaseUrl, METRICS_PORT: String(metricsPort), ...env });
  const ended = outcome(child);
  const told = await Promise.race([once(child, 'message'), ended]);
  if (!Array.isArray(told)) throw new Error(`the small server ended: ${told.stderr}`);
  const base = `http://127.0.0.1:${(told[0] as { port: number }).port}`;
  return {
    async post(path, body) {
      const headers = { 'content-type': 'application/json', authorization: 'Bearer very-secret' };
      const reply = await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) });
      const told = await reply.text();
      return told === '' ? {} : JSON.parse(told);
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

/** Runs it where it must not start. */
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
    // Not `close`: Node does not emit it after the parent has closed the channel.
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
