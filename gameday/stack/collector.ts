/** Runs the Collector, as it is shipped, in a game-day stack; what it passes on is taken and thrown away. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Tool, toolOnLeash } from './run-tool.ts';

export type GamedayCollector = Tool & {
  /** Where programs send to, over HTTP. */
  readonly endpoint: string;
  /** Host and port of its own metrics. */
  readonly metrics: string;
  /** Host and port of the metrics that it makes of spans, with traces as examples. */
  readonly spanMetrics: string;
  readonly close: () => Promise<void>;
};

type Given = {
  readonly binary: string;
  readonly config: string;
  readonly folder: string;
  readonly freePort: () => Promise<number>;
};

export async function gamedayCollector({ binary, config, folder, freePort }: Given): Promise<GamedayCollector> {
  const backend = createServer((request, response) => {
    request.resume().on('end', () => response.end());
  });
  backend.listen(0, '127.0.0.1');
  await once(backend, 'listening');
  const sink = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  const ports = { grpc: await freePort(), http: await freePort(), own: await freePort(), spans: await freePort() };
  const health = await freePort();
  const tool = toolOnLeash({
    name: 'collector',
    file: binary,
    args: ['--config', config],
    env: {
      COLLECTOR_QUEUE_DIR: join(folder, 'queue'),
      COLLECTOR_GRPC_PORT: String(ports.grpc),
      COLLECTOR_HTTP_PORT: String(ports.http),
      COLLECTOR_METRICS_PORT: String(ports.own),
      COLLECTOR_SPAN_METRICS_PORT: String(ports.spans),
      // Rates of a stack whose hours are minutes look back over seconds.
      COLLECTOR_SPAN_METRICS_INTERVAL: '1s',
      COLLECTOR_HEALTH_PORT: String(health),
      TEMPO_ENDPOINT: sink,
      LOKI_ENDPOINT: sink,
    },
    log: join(folder, 'collector.log'),
    ready: `http://127.0.0.1:${health}/`,
  });
  return {
    ...tool,
    endpoint: `http://127.0.0.1:${ports.http}`,
    metrics: `127.0.0.1:${ports.own}`,
    spanMetrics: `127.0.0.1:${ports.spans}`,
    async close() {
      await tool.stop();
      backend.close();
      backend.closeAllConnections();
    },
  };
}
