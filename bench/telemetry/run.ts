/** Measures the CPU time that telemetry adds to a chat: none, metrics and trace ids, all spans exported. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { v7 } from 'uuid';
import { createChat, type Stages } from '../services/chat/flow.ts';
import { freePortFrom } from '../services/runtime/free-port.ts';
import { builtInService } from '../services/slo/deployment.ts';
import { measureTurn } from '../services/telemetry/metrics/measure-turn.ts';
import { observeChat, observeStages } from '../services/telemetry/observe.ts';
import { currentTraceId } from '../services/telemetry/tracing/current-trace-id.ts';

const here = fileURLToPath(import.meta.url);
const chats = 20_000;

if (!isMainThread) await collect();
else if (process.argv[2] === undefined) await compare();
else console.log(await microsecondsPerChat(process.argv[2] === 'observed'));

/** Uses empty stages, so that only the flow and the telemetry remain. */
async function microsecondsPerChat(observed: boolean): Promise<number> {
  const usage = { promptTokens: 1009, cachedPromptTokens: 0, completionTokens: 211, totalTokens: 1220 };
  const generation = {
    text: '',
    model: 'none',
    temperature: null,
    contextWindowSize: null,
    usage,
    finishReason: null,
    firstTokenAt: null,
  };
  const stages: Stages = {
    recall: async () => [],
    retrieve: async () => ({ passages: [], withheld: 0 }),
    generate: async () => generation,
    record: async () => {},
  };
  const clock = () => performance.now();
  const bare = createChat({
    stages: observed ? observeStages(stages, { provider: 'none', model: 'none', server: null }, clock) : stages,
    price: () => 0.37,
    score: () => ({ relevance: 0.71, quality: {} }),
    observe: observed ? (turn) => measureTurn(turn, builtInService) : () => {},
    clock,
    now: () => new Date(),
    traceId: observed ? currentTraceId : () => null,
  });
  const chat = observed ? observeChat(bare) : bare;
  const requester = { userId: v7(), role: 'learner', groups: [], ip: null, country: null };
  const { signal } = new AbortController();
  let start = process.cpuUsage();
  for (let n = -2000; n < chats; n += 1) {
    if (n === 0) start = process.cpuUsage();
    // Yields to the event loop, as between requests, so that the exporter can run.
    if (n % 10 === 0) await new Promise(setImmediate);
    await chat({
      id: v7(),
      sessionId: v7(),
      sessionIsNew: false,
      query: 'what',
      requester,
      askedAt: new Date(),
      signal,
    });
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / chats;
}

async function compare(): Promise<void> {
  const collector = new Worker(here);
  const [url] = (await once(collector, 'message')) as [string];
  const sdk = ['--import', fileURLToPath(new URL('../services/telemetry/tracing/start-sdk.ts', import.meta.url))];
  const METRICS_PORT = String(await freePortFrom(19_464));
  const exporting = { METRICS_PORT, OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_MAX_QUEUE_SIZE: '200000' };
  const rows = [
    ['no telemetry', run([], 'bare', {})],
    ['metrics and trace ids, no Collector', run(sdk, 'observed', { METRICS_PORT })],
    ['the same, all spans exported', run(sdk, 'observed', exporting)],
  ] as const;
  for (const [name, microseconds] of rows) console.log(`${microseconds.toFixed(1).padStart(8)} µs per chat  ${name}`);
  await collector.terminate();
}

/** The median of three runs. */
function run(nodeArguments: readonly string[], mode: string, env: Record<string, string>): number {
  const times = [1, 2, 3].map(() => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [...nodeArguments, here, mode], {
      env: { PATH: process.env.PATH ?? '', ...env },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return Number(stdout);
  });
  return times.sort((a, b) => a - b)[1] ?? Number.NaN;
}

async function collect(): Promise<void> {
  const server = createServer((req, res) => req.resume().once('end', () => res.end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
