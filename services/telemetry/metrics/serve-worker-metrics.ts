/** Serves the worker's metrics on a port of their own, which is not for the public. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorkerMetrics } from './worker-metrics.ts';

export type WorkerMetricsServer = { readonly port: number; readonly close: () => Promise<void> };

/**
 * `GET /metrics`. Listens before it resolves.
 * @param port 0: a free one
 * @throws {Error} the system's, when the address cannot be listened on
 */
export async function serveWorkerMetrics(
  { contentType, scrape }: Pick<WorkerMetrics, 'contentType' | 'scrape'>,
  { host, port }: { host: string; port: number },
): Promise<WorkerMetricsServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (path !== '/metrics') return void response.writeHead(404).end('metrics are at /metrics\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return void response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    }
    scrape().then(
      (text) => response.writeHead(200, { 'Content-Type': contentType }).end(request.method === 'HEAD' ? '' : text),
      () => response.writeHead(500).end('the metrics could not be written\n'),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
