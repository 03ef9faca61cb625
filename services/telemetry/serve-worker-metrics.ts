/** Serves the worker's metrics on a port of their own, which is not for the public. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorkerMetrics } from './worker-metrics.ts';

export class WorkerMetricsPortError extends Error {}

export type WorkerMetricsServer = { readonly port: number; readonly close: () => Promise<void> };

/**
 * `GET /metrics`. Listens before it resolves.
 * @param port 0: a free one
 * @throws {WorkerMetricsPortError} that names the variable to change when the address cannot be listened on
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
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw new WorkerMetricsPortError(refusal(host, port, error), { cause: error });
  }
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function refusal(host: string, port: number, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : 'unknown error';
  if (code === 'EADDRINUSE') {
    return `WORKER_METRICS_PORT: ${port} is taken on ${host}; stop the program that listens there, or set WORKER_METRICS_PORT to a free port`;
  }
  if (code === 'EACCES') {
    return `WORKER_METRICS_PORT: ${port} needs privileges; set WORKER_METRICS_PORT to a port from 1024`;
  }
  return `METRICS_HOST: cannot listen on ${host} port ${port} (${code}); set METRICS_HOST to an address of this machine`;
}
