/** Removes everything from spans that may contain user text, client addresses or error messages, before export. */
import { SpanKind } from '@opentelemetry/api';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { errorType, genai, rag, serverAddress, serverPort } from './genai-names.ts';

export type SpanExporter = NodeSDKConfiguration['traceExporter'];
type Span = Parameters<SpanExporter['export']>[0][number];

/** Attributes that may be exported. A deny list would let through whatever a library adds next. */
const allowed: ReadonlySet<string> = new Set([
  ...Object.values(genai),
  ...Object.values(rag),
  errorType,
  serverAddress,
  serverPort,
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'url.scheme',
  'network.protocol.version',
  'db.system.name',
  'db.namespace',
  'db.operation.name',
  'db.postgresql.plan',
  'express.name',
  'express.type',
]);

const queryText = 'db.query.text';

/** Wraps an exporter so that it receives scrubbed spans only. */
export function scrubbing(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => {
      for (const span of spans) scrub(span);
      exporter.export(spans, done);
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

/** Spans have ended when they are exported, so nothing else reads them: they are changed in place. */
function scrub(span: Span): void {
  const sql = span.attributes[queryText];
  for (const key of Object.keys(span.attributes)) if (!allowed.has(key)) delete span.attributes[key];
  // A server reads its own address from the Host header, which clients write.
  if (span.kind === SpanKind.SERVER) delete span.attributes[serverAddress];
  if (typeof sql === 'string') span.attributes[queryText] = withoutLiterals(sql);
  delete span.status.message;
  for (const event of span.events) event.attributes = exceptionTypeOnly(event.attributes);
}

/** Values are parameters in all our SQL, so a quoted literal is a constant of ours. This removes the ones that should have been parameters. */
function withoutLiterals(sql: string): string {
  return sql.replace(/'(?:[^']|'')*(?:'|$)/g, '?').replace(/\$([A-Za-z_]*)\$[\s\S]*?(?:\$\1\$|$)/g, '?');
}

function exceptionTypeOnly(attributes: Span['events'][number]['attributes']) {
  const type = attributes?.['exception.type'];
  return type === undefined ? {} : { 'exception.type': type };
}
