/** Trace ids without spans, for servers that export none: one id for each request, and nothing that is never read. */
import { randomBytes } from 'node:crypto';
import {
  type Context,
  context,
  isSpanContextValid,
  type Span,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';

/** Spans inside a trace are the span that began it: an inner span would have an id that no backend knows. */
export const idsOnly: TracerProvider = { getTracer: () => tracer };

const tracer: Tracer = {
  startSpan: (_name, options, parent = context.active()) => spanIn(parent, options),
  startActiveSpan,
};

type Work = (span: Span) => unknown;

function startActiveSpan(name: string, work: Work): never;
function startActiveSpan(name: string, options: SpanOptions, work: Work): never;
function startActiveSpan(name: string, options: SpanOptions, parent: Context, work: Work): never;
function startActiveSpan(_name: string, ...args: readonly unknown[]): unknown {
  const work = args.at(-1) as Work;
  const [options = {}, parent = context.active()] = args.slice(0, -1) as [SpanOptions?, Context?];
  const span = spanIn(parent, options);
  const inside = trace.getSpan(parent) === span ? parent : trace.setSpan(parent, span);
  return inside === context.active() ? work(span) : context.with(inside, work, undefined, span);
}

function spanIn(parent: Context, options: SpanOptions | undefined): Span {
  const outer = options?.root ? undefined : trace.getSpan(parent);
  if (outer !== undefined && isSpanContextValid(outer.spanContext())) return outer;
  const digits = randomBytes(24).toString('hex');
  return trace.wrapSpanContext({
    traceId: digits.slice(0, 32),
    spanId: digits.slice(32),
    traceFlags: TraceFlags.NONE,
  });
}
