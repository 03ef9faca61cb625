/** Reads a span in all dialects that its attributes are written in; the more specific dialect wins field by field. */
import { agento11y } from '../dialects/agento11y.ts';
import { dify } from '../dialects/dify.ts';
import { generic } from '../dialects/generic.ts';
import { haystack } from '../dialects/haystack.ts';
import { langfuse } from '../dialects/langfuse.ts';
import { langsmith } from '../dialects/langsmith.ts';
import { mastra } from '../dialects/mastra.ts';
import { mlflow } from '../dialects/mlflow.ts';
import { openinference } from '../dialects/openinference.ts';
import { openlit } from '../dialects/openlit.ts';
import { openllmetry } from '../dialects/openllmetry.ts';
import { otelGenai } from '../dialects/otel-genai.ts';
import { ragObservatory } from '../dialects/rag-observatory.ts';
import { springAi } from '../dialects/spring-ai.ts';
import { vercelAi } from '../dialects/vercel-ai.ts';
import { mergedDocuments } from './documents.ts';
import type { Dialect, DialectName, Kind, Reading } from './reading.ts';
import type { LogEvent, Span } from './span.ts';
import { nameOf } from './values.ts';

const all: readonly Dialect[] = [
  ragObservatory,
  langfuse,
  mlflow,
  langsmith,
  mastra,
  vercelAi,
  agento11y,
  springAi,
  dify,
  haystack,
  openlit,
  openllmetry,
  openinference,
  otelGenai,
  generic,
];

export type AiReading = Reading & { readonly kind: Kind; readonly dialect: DialectName };

/** Spans are read when they arrive, when they are assembled and for the notes. Reading parses JSON within attributes. */
const read = new WeakMap<Span, AiReading | null>();

/** Null for a span that no dialect recognises, such as one of an HTTP server or a database. */
export function readSpan(span: Span): AiReading | null {
  const known = read.get(span);
  if (known !== undefined) return known;
  const reading = readAnew(span);
  read.set(span, reading);
  return reading;
}

function readAnew(span: Span): AiReading | null {
  const readings = all.flatMap((dialect) => {
    const reading = dialect.read(span);
    return reading === null ? [] : [{ name: dialect.name, reading }];
  });
  // The generic dialect guesses, so it is asked only where the others are silent or do not know a field.
  const [first] = readings.filter(({ name }) => name !== 'rag-observatory').concat(readings);
  if (first === undefined) return null;
  const merged: Record<string, unknown> = {};
  for (const { reading } of readings) {
    for (const [field, value] of Object.entries(reading)) {
      const known = merged[field];
      const isKnown = known !== undefined && known !== null && !(Array.isArray(known) && known.length === 0);
      if (!isKnown && value !== undefined && value !== null) merged[field] = value;
    }
  }
  const documents = mergedDocuments(readings.map(({ reading }) => reading.documents ?? null));
  const failed = span.failed || readings.some(({ reading }) => reading.failed === true);
  return {
    ...(merged as Reading),
    documents,
    failed,
    errorType: failed ? errorTypeOf(span, merged.errorType) : null,
    kind: (merged.kind as Kind | undefined) ?? 'step',
    dialect: first.name,
  };
}

/** The status of a reply says more than the name of an exception. Only its digits are taken: messages may quote the user. */
function errorTypeOf({ attributes, events, statusMessage }: Span, said: unknown): string | null {
  const exception = events.find(({ name }) => name === 'exception')?.attributes ?? {};
  const status = nameOf(attributes['http.response.status_code'] ?? attributes['http.status_code']) ?? '';
  const message = [statusMessage, exception['exception.message']].map((text) => (typeof text === 'string' ? text : ''));
  const quoted = /\b(?:error code|status code|status|http)[:= ]+([45]\d\d)\b/i.exec(
    message.join('\n').slice(0, 4_000),
  )?.[1];
  return (
    (/^[45]\d\d$/.test(status) ? status : null) ??
    quoted ??
    (typeof said === 'string' && said !== 'error' ? said : null) ??
    nameOf(exception['exception.type']) ??
    (typeof said === 'string' ? said : null)
  );
}

/** Whether the attributes are those of an AI application, so that the span is worth its place. */
export function isAiSpan(span: Span): boolean {
  return readSpan(span) !== null;
}

/** The span with its log events as events, because earlier conventions put messages there. */
export function withLogs(span: Span, logs: readonly LogEvent[]): Span {
  if (logs.length === 0) return span;
  const added = logs.map(({ name, timeMs, attributes, body }) => ({
    name: name === '' ? (nameOf(attributes['event.name']) ?? 'gen_ai.log') : name,
    timeMs,
    attributes: { ...attributes, body },
  }));
  // The event with all details has the attributes of the span: it fills what the span lacks.
  const details = logs.find(({ attributes }) => attributes['gen_ai.operation.name'] !== undefined)?.attributes ?? {};
  return { ...span, attributes: { ...details, ...span.attributes }, events: [...span.events, ...added] };
}
