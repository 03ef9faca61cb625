/** Serves the metrics on a port of their own, which is not for the public. */
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';

/**
 * Listens before it resolves. `GET /metrics`; the scope's name and version are left out, because a library's update would
 * start every series anew.
 * @throws {Error} the system's, when the address cannot be listened on
 */
export async function serveMetrics(host: string, port: number): Promise<PrometheusExporter> {
  const exporter = new PrometheusExporter({
    host,
    port,
    withoutScopeInfo: true,
    withoutTargetInfo: true,
    preventServerStart: true,
  });
  await exporter.startServer();
  return exporter;
}
