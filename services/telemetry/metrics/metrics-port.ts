/** Serves metrics on a separate port that must not be public. */
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';

/**
 * Listens before it resolves. `GET /metrics`. The scope's name and version are omitted, because a library update would start
 * every series anew.
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
