/** Starts OpenTelemetry before what it instruments is loaded: `node --import ./services/telemetry/tracing/start-sdk.ts …`. */
import { register } from 'node:module';
import { DiagLogLevel, diag, trace } from '@opentelemetry/api';
import {
  defaultResource,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { register as registerSyncHooks, supportsSyncHooks } from 'import-in-the-middle/register-hooks.mjs';
import pkg from '../../../package.json' with { type: 'json' };
import { ConfigError, loadConfig } from '../../config.ts';
import { ListenError, orListenError } from '../../runtime/listen-error.ts';
import { serveMetrics } from '../metrics/metrics-port.ts';
import { traceOutgoingRequests } from './client-spans.ts';
import { idsOnly } from './ids-only.ts';
import { instrumentations, instrumentedModules, tidyLabels } from './instrumentations.ts';
import { OtlpSettingError, otlpSettings } from './otlp-settings.ts';
import { reportSdkErrors } from './report-sdk-errors.ts';
import { traceServers } from './server-spans.ts';
import { stopTelemetryWith } from './shutdown-telemetry.ts';
import { spansTo } from './span-export.ts';
import { TraceCallersError, trustedTraceCallers } from './trace-callers.ts';

try {
  await start(process.env);
} catch (error) {
  const forThePerson = [ConfigError, OtlpSettingError, TraceCallersError, ListenError].some(
    (kind) => error instanceof kind,
  );
  if (!forThePerson) throw error;
  console.error((error as Error).message);
  process.exit(1);
}

async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const { metricsHost: host, metricsPort: port, traceparentTrusted } = loadConfig(env);
  const trusts = trustedTraceCallers(traceparentTrusted);
  const address = { host, port, hostVariable: 'METRICS_HOST', portVariable: 'METRICS_PORT' };
  const { traces, logs } = otlpSettings(env);
  // Without a logger, export failures are silent. The SDK creates one only if OTEL_LOG_LEVEL is set.
  if (!env.OTEL_LOG_LEVEL) {
    diag.setLogger(
      reportSdkErrors(console.error, () => performance.now()),
      { logLevel: DiagLogLevel.WARN },
    );
  }
  hookModules();

  const sdk = new NodeSDK({
    serviceName: env.OTEL_SERVICE_NAME || 'rag-chat',
    resource: defaultResource().merge(resourceFromAttributes({ 'service.version': pkg.version })),
    // The other detectors would export the command line, the owner and the host.
    resourceDetectors: [envDetector, serviceInstanceIdDetector],
    metricReaders: [await orListenError(address, serveMetrics(host, port))],
    ...(await spansTo(traces)),
    // With an empty list the SDK sends no logs; without one it reads the OTEL_EXPORTER_OTLP_ variables.
    ...(logs === null ? { logRecordProcessors: [] } : {}),
    views: tidyLabels,
    instrumentations: instrumentations({ sendLogs: logs !== null }),
  });
  sdk.start();
  if (traces === null) trace.setGlobalTracerProvider(idsOnly);
  traceServers({ metricsPort: port, trusts });
  traceOutgoingRequests();
  stopTelemetryWith(() => sdk.shutdown());
}

/** Synchronous hooks start the server in half the time; Node before 24.11 and 22.22 has only those on a thread. */
function hookModules(): void {
  if (supportsSyncHooks()) registerSyncHooks({ include: instrumentedModules });
  else register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
}
