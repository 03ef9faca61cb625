/** Which libraries are instrumented, and what is filtered out. */
import type { IncomingMessage } from 'node:http';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { metrics } from '../../catalogue/metrics.ts';

/** The modules that the loader hook intercepts; intercepting all would slow the start. */
export const instrumentedModules = ['http', 'https', 'express', 'pg', 'pino'];

const probes = new Set(['/healthz', '/readyz']);

/**
 * @param metricsPort requests to it are Prometheus scrapes and are not traced
 * @param sendLogs whether log lines are exported in addition to stdout
 */
export function instrumentations({ metricsPort, sendLogs }: { metricsPort: number; sendLogs: boolean }) {
  return [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: (request: IncomingMessage) =>
        request.socket.localPort === metricsPort || probes.has((request.url ?? '').split('?', 1)[0] ?? ''),
    }),
    // Layers create no spans; the instrumentation still sets http.route on the server span.
    new ExpressInstrumentation({
      ignoreLayersType: [ExpressLayerType.MIDDLEWARE, ExpressLayerType.ROUTER, ExpressLayerType.REQUEST_HANDLER],
    }),
    new PgInstrumentation({
      requireParentSpan: true,
      ignoreConnectSpans: true,
      requestHook: (span, { query }) => span.updateName(`pg.query:${query.name ?? firstWord(query.text)}`),
    }),
    new UndiciInstrumentation({ requireParentforSpans: true }),
    new PinoInstrumentation({ disableLogSending: !sendLogs }),
    new RuntimeNodeInstrumentation(),
  ];
}

/** The library takes the text before the first space as the operation, which includes a line break in multi-line SQL. */
export const tidyLabels: NodeSDKConfiguration['views'] = [
  {
    instrumentName: metrics.databaseDuration.instrument,
    attributesProcessors: [
      {
        process: (labels) => ({
          'db.namespace': labels['db.namespace'],
          'db.operation.name': firstWord(String(labels['db.operation.name'] ?? '')),
          'error.type': labels['error.type'],
        }),
      },
    ],
  },
];

function firstWord(sql: string): string {
  return /[a-z]+/i.exec(sql)?.[0].toUpperCase() ?? 'OTHER';
}
