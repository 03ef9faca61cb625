/** Which libraries OpenTelemetry instruments. Requests are traced by server-spans.ts and client-spans.ts, which cost less. */
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { metrics } from '../../catalogue/metrics.ts';

/** The modules that the loader hook intercepts; intercepting all would slow the start. */
export const instrumentedModules = ['pg', 'pino'];

/** @param sendLogs whether log lines are exported in addition to stdout */
export function instrumentations({ sendLogs }: { sendLogs: boolean }) {
  return [
    new PgInstrumentation({
      requireParentSpan: true,
      ignoreConnectSpans: true,
      requestHook: (span, { query }) => span.updateName(`pg.query:${query.name ?? firstWord(query.text)}`),
    }),
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
