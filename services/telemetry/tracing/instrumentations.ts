/** Which libraries are watched, and what of them is not. */
import type { IncomingMessage } from 'node:http';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { metrics } from '../../catalogue/metrics.ts';

/** The modules whose loading is watched; watching all would slow the start. */
export const watchedModules = ['http', 'https', 'express', 'pg', 'pino'];

const probes = new Set(['/healthz', '/readyz']);

/**
 * @param metricsPort requests to it are Prometheus scraping, no traffic of ours
 * @param sendLogs whether log lines go to a collector too, besides stdout
 */
export function instrumentations({ metricsPort, sendLogs }: { metricsPort: number; sendLogs: boolean }) {
  return [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: (request: IncomingMessage) =>
        request.socket.localPort === metricsPort || probes.has((request.url ?? '').split('?', 1)[0] ?? ''),
    }),
    // The layers make no spans of their own; the instrumentation still tells the server span its route.
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

/** The library takes what stands before the first space, which in SQL of many lines is a word with a line break. */
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
