/** Runs the Collector with its shipped configuration in a game-day stack. Its backend discards everything. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type ExternalProcess, externalProcess } from './external-process.ts';

export type GamedayCollector = ExternalProcess & {
  /** The OTLP/HTTP endpoint for the programs. */
  readonly endpoint: string;
  /** Host and port of its own metrics. */
  readonly metrics: string;
  /** Host and port of the metrics that it derives from spans, with exemplars. */
  readonly spanMetrics: string;
  readonly close: () => Promise<void>;
};

type Options = {
  readonly binary: string;
  readonly config: string;
  readonly folder: string;
  readonly freePort: () => Promise<number>;
};

export async function gamedayCollector({ binary, config, folder, freePort }: Options): Promise<GamedayCollector> {
  const backend = createServer((request, response) => {
    request.resume().on('end', () => response.end());
  });
  backend.listen(0, '127.0.0.1');
  await once(backend, 'listening');
  const sink = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  const ports = { grpc: await freePort(), http: await freePort(), own: await freePort(), spans: await freePort() };
  const health = await freePort();
  const tool = externalProcess({
    name: 'collector',
    file: binary,
    args: ['--config', config],
    env: {
      COLLECTOR_QUEUE_DIR: join(folder, 'queue'),
      COLLECTOR_GRPC_PORT: String(ports.grpc),
      COLLECTOR_HTTP_PORT: String(ports.http),
      COLLECTOR_METRICS_PORT: String(ports.own),
      COLLECTOR_SPAN_METRICS_PORT: String(ports.spans),
      // Scaled rates look back over seconds, so they need samples every second.
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
