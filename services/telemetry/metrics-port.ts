/** Serves the metrics on a port of their own, which is not for the public. */
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';

export class MetricsPortError extends Error {}

/**
 * Listens before it resolves. `GET /metrics`; the scope's name and version are left out, because a library's update would
 * start every series anew.
 * @throws {MetricsPortError} when the address cannot be listened on
 */
export async function serveMetrics(host: string, port: number): Promise<PrometheusExporter> {
  const exporter = new PrometheusExporter({
    host,
    port,
    withoutScopeInfo: true,
    withoutTargetInfo: true,
    preventServerStart: true,
  });
  try {
    await exporter.startServer();
  } catch (error) {
    throw new MetricsPortError(refusal(host, port, error), { cause: error });
  }
  return exporter;
}

function refusal(host: string, port: number, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : 'unknown error';
  if (code === 'EADDRINUSE') {
    return `METRICS_PORT: ${port} is taken on ${host}; stop the program that listens there, or set METRICS_PORT to a free port`;
  }
  if (code === 'EACCES') return `METRICS_PORT: ${port} needs privileges; set METRICS_PORT to a port from 1024`;
  return `METRICS_HOST: cannot listen on ${host} port ${port} (${code}); set METRICS_HOST to an address of this machine`;
}
