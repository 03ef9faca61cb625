/**
 * Measures the CPU time of whole chats in real chat servers: without telemetry, without a Collector, with one, and with
 * OpenTelemetry's own instrumentations. All servers run at once and take turns in short blocks, so that other programs
 * on the machine disturb all of them alike.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeToken } from '../../services/commands/users/token.ts';
import { loadConfig } from '../../services/config.ts';
import { startEmbedded } from '../../services/embedded-postgres/server.ts';
import { migrate } from '../../services/postgres/migrations/migrate.ts';
import { freePortFrom } from '../../services/runtime/free-port.ts';
import { ingestSamples } from '../../services/wiring/ingest-samples.ts';
import { openOtlpSink } from '../../test/telemetry/otlp-sink.ts';
import { quantile } from '../retrieval-metrics.ts';

const blocks = Number(process.argv[2] ?? 40);
const chatsPerBlock = 48;
const callerCounts = [1, 16];
const query = '生成された回答の著作権は誰のものですか？';

type Server = {
  readonly name: string;
  readonly child: ChildProcess;
  readonly url: string;
  readonly metricsUrl: string;
  /** Microseconds per chat in each block, by number of callers. */
  readonly cost: Map<number, number[]>;
};

const dataDir = mkdtempSync(join(tmpdir(), 'bench-telemetry-'));
const sink = await openOtlpSink();
const database = await startEmbedded({ dataDir, log: () => {} });
const servers: Server[] = [];
try {
  await migrate(database.url);
  await ingestSamples({ url: database.url, embedded: true }, here('../../samples'), () => {});
  const ours = here('../../services/telemetry/tracing/start-sdk.ts');
  const exporting = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
  servers.push(await start('no telemetry', [], {}));
  servers.push(await start('no Collector', [ours], {}));
  servers.push(await start('with a Collector', [ours], exporting));
  servers.push(await start('plain OpenTelemetry', [here('plain-sdk.ts')], exporting));
  const config = loadConfig({ DATA_DIR: dataDir });
  const headers = {
    authorization: `Bearer ${await makeToken({}, config, new Date())}`,
    'content-type': 'application/json',
  };

  for (const server of servers) await ask(server, headers, 400, 16);
  for (let block = 0; block < blocks; block += 1) {
    for (const callers of callerCounts) {
      // Forwards, then backwards: a drift of the machine affects all alike.
      for (const server of block % 2 === 0 ? servers : [...servers].reverse()) {
        const before = await cpuOf(server);
        await ask(server, headers, chatsPerBlock, callers);
        const used = ((await cpuOf(server)) - before) / chatsPerBlock;
        server.cost.set(callers, [...(server.cost.get(callers) ?? []), used]);
      }
    }
  }
  for (const callers of callerCounts) report(callers);
  await reportScrapes();
} finally {
  for (const { child } of servers) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
  await database.stop();
  await sink.close();
  rmSync(dataDir, { recursive: true, force: true });
}

async function start(name: string, imports: readonly string[], more: Record<string, string>): Promise<Server> {
  const [port, metricsPort] = [
    await freePortFrom(23_100 + servers.length * 50),
    await freePortFrom(23_120 + servers.length * 50),
  ];
  const nodeArguments = [...imports, here('report-cpu.ts')].flatMap((file) => ['--import', file]);
  const profile = process.env.BENCH_PROFILE === name ? ['--cpu-prof', '--cpu-prof-dir=.data'] : [];
  const child = spawn(process.execPath, [...profile, ...nodeArguments, here('../../services/chat-server.ts')], {
    env: {
      PATH: process.env.PATH ?? '',
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      RATE_LIMIT_PER_MINUTE: '1000000',
      ...more,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  for (;;) {
    const [message] = await once(child, 'message');
    if (message === 'ready') break;
  }
  const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  return { name, child, url: `http://127.0.0.1:${port}/api/ai/chat`, metricsUrl, cost: new Map() };
}

async function ask({ url }: Server, headers: Record<string, string>, chats: number, callers: number): Promise<void> {
  let left = chats;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
      await response.text();
      if (!response.ok) throw new Error(`the chat returned ${response.status}`);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

async function cpuOf({ child }: Server): Promise<number> {
  const reply = once(child, 'message');
  child.send('cpu');
  const [{ cpu }] = (await reply) as [{ cpu: number }];
  return cpu;
}

/** Each block is compared with the block of the server without telemetry in the same round. */
function report(callers: number): void {
  const [bare] = servers;
  if (bare === undefined) return;
  const base = bare.cost.get(callers) ?? [];
  console.log(`\n${callers === 1 ? 'one caller' : `${callers} callers`}, ${blocks} blocks of ${chatsPerBlock} chats`);
  for (const { name, cost } of servers) {
    const each = cost.get(callers) ?? [];
    const added = each.map((used, n) => used - (base[n] ?? Number.NaN));
    const [low, high] = medianInterval(added);
    const median = quantile(each, 0.5);
    const share = (value: number) => `${((100 * value) / quantile(base, 0.5)).toFixed(1)} %`;
    console.log(
      `${name.padEnd(20)} ${median.toFixed(0).padStart(6)} µs a chat, adds ${quantile(added, 0.5).toFixed(0).padStart(5)} µs = ` +
        `${share(quantile(added, 0.5))} (95 %: ${share(low)} to ${share(high)})`,
    );
  }
}

/** The interval of the median by order statistics, which assumes nothing about the distribution. */
function medianInterval(values: readonly number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (1.96 * Math.sqrt(sorted.length)) / 2;
  const at = (index: number) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(index)))] ?? Number.NaN;
  return [at(sorted.length / 2 - half - 0.5), at(sorted.length / 2 + half - 0.5)];
}

async function reportScrapes(): Promise<void> {
  const scrapes = 100;
  for (const server of servers.slice(1)) {
    const before = await cpuOf(server);
    for (let n = 0; n < scrapes; n += 1) await (await fetch(server.metricsUrl)).text();
    const used = (await cpuOf(server)) - before;
    console.log(
      `${server === servers[1] ? '\n' : ''}${server.name.padEnd(20)} ${(used / scrapes).toFixed(0)} µs a scrape`,
    );
  }
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
