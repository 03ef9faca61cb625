/** Runs the built Collector with the shipped configuration on its own ports. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, inject } from 'vitest';
import { killLeftovers, startChild, type TestChild } from '../kit/programs/child.ts';
import { freePort } from '../kit/servers/free-port.ts';

const built = inject('builtCollector');

/** Null: it is built; otherwise what to install. */
export const missing: string | null = 'missing' in built ? built.missing : null;

export const configFile = 'collector/config.yaml';

export type Collector = {
  readonly http: string;
  readonly grpc: string;
  readonly spanMetrics: string;
  readonly selfMetrics: string;
  readonly queueFolder: string;
  readonly written: () => string;
  /** Sends OTLP as JSON. @returns the status */
  send(signal: 'traces' | 'logs', body: unknown): Promise<number>;
  scrape(url: string, headers?: Record<string, string>): Promise<string>;
  /** SIGKILL; `start` runs it again with the same ports and queue. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGTERM. @returns its exit code */
  stop(): Promise<number | string>;
};

/** Runs a command of the Collector. */
export function collectorCommand(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stderr } = spawnSync(binary(), args, { env, encoding: 'utf8' });
  return { status, stderr };
}

/**
 * Call it at the top of a test file. Exports use JSON, the only difference from the shipped configuration.
 * @param sink URL in place of Tempo and Loki
 * @param added configuration files in addition
 */
export async function runCollector(
  sink: string,
  env: Record<string, string> = {},
  added: readonly string[] = [],
): Promise<Collector> {
  const folder = mkdtempSync(join(tmpdir(), 'rag-collector-'));
  const ports = { grpc: await freePort(), http: await freePort(), own: await freePort(), spans: await freePort() };
  const health = await freePort();
  const settings = {
    COLLECTOR_QUEUE_DIR: join(folder, 'queue'),
    COLLECTOR_GRPC_PORT: String(ports.grpc),
    COLLECTOR_HTTP_PORT: String(ports.http),
    COLLECTOR_METRICS_PORT: String(ports.own),
    COLLECTOR_SPAN_METRICS_PORT: String(ports.spans),
    COLLECTOR_HEALTH_PORT: String(health),
    COLLECTOR_SPAN_METRICS_INTERVAL: '200ms',
    TEMPO_ENDPOINT: sink,
    LOKI_ENDPOINT: sink,
    ...env,
  };
  let child: TestChild;
  const start = async () => {
    const configs = [configFile, 'test/collector/quick.yaml', ...added].flatMap((file) => ['--config', file]);
    child = startChild(binary(), configs, {
      env: settings,
    });
    await answers(`http://127.0.0.1:${health}/`, child);
  };
  const http = `http://127.0.0.1:${ports.http}`;
  await start();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    http,
    grpc: `http://127.0.0.1:${ports.grpc}`,
    spanMetrics: `http://127.0.0.1:${ports.spans}/metrics`,
    queueFolder: settings.COLLECTOR_QUEUE_DIR,
    selfMetrics: `http://127.0.0.1:${ports.own}/metrics`,
    written: () => child.written(),
    async send(signal, body) {
      const headers = { 'content-type': 'application/json' };
      const reply = await fetch(`${http}/v1/${signal}`, { method: 'POST', headers, body: JSON.stringify(body) });
      await reply.arrayBuffer();
      return reply.status;
    },
    scrape: async (url, headers = {}) => (await fetch(url, { headers })).text(),
    async kill() {
      child.process.kill('SIGKILL');
      await child.ended();
    },
    start,
    async stop() {
      child.process.kill('SIGTERM');
      return child.ended();
    },
  };
}

killLeftovers();

/** The program that becomes the Collector. */
export function binary(): string {
  if ('missing' in built) throw new Error(built.missing);
  return built.binary;
}

/** Polls the health check, because the Collector reports nothing else. */
async function answers(url: string, child: TestChild): Promise<void> {
  let over = false;
  void child.ended().then(() => {
    over = true;
  });
  for (;;) {
    if (over) throw new Error(`the Collector exited:\n${child.written()}`);
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await pause(50);
  }
}
