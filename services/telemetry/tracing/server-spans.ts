/** Wraps each request that an HTTP server receives in a server span, and measures it. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  type Link,
  metrics as metricsApi,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { metrics } from '../../catalogue/metrics.ts';
import { errorType } from './genai-names.ts';
import { http as names, urlScheme } from './http-names.ts';
import type { TrustsCaller } from './trace-callers.ts';

type Options = {
  /** Requests to it are Prometheus scrapes and are neither traced nor measured. */
  readonly metricsPort: number;
  readonly trusts: TrustsCaller;
};

const probes = new Set(['/healthz', '/readyz']);
const methods = new Set(http.METHODS);
const scheme = 'http';

/** Express sets these when a route matches. */
type Routed = IncomingMessage & { readonly route?: { readonly path?: unknown }; readonly baseUrl?: string };

/** Applies to every server of `node:http` in this process. Call it once, after the SDK has started. */
export function traceServers({ metricsPort, trusts }: Options): void {
  const tracer = trace.getTracer('rag-observatory');
  const { instrument, help, unit, bounds } = metrics.httpServerDuration;
  const duration = metricsApi.getMeter('rag-observatory').createHistogram(instrument, {
    description: help,
    unit,
    advice: { explicitBucketBoundaries: [...bounds] },
  });
  const { emit } = http.Server.prototype;

  http.Server.prototype.emit = function (this: http.Server, ...args: Parameters<typeof emit>): boolean {
    if ((args[0] as string) !== 'request') return emit.apply(this, args);
    const [, request, response] = args as unknown as [string, IncomingMessage, ServerResponse];
    // Without it, the next request on a connection would run in the context of the one before.
    const inside = isUntraced(request) ? ROOT_CONTEXT : begin(request, response);
    return context.with(inside, () => emit.apply(this, args));
  } as typeof emit;

  function begin(request: IncomingMessage, response: ServerResponse): Context {
    const start = performance.now();
    const method = methods.has(request.method ?? '') ? (request.method ?? '') : '_OTHER';
    const { parent, links } = origin(request);
    const span = tracer.startSpan(
      method,
      {
        kind: SpanKind.SERVER,
        links,
        attributes: {
          [names.method]: method,
          [urlScheme]: scheme,
          [names.version]: request.httpVersion,
        },
      },
      parent,
    );
    response.once('close', () => end({ span, request, response, method, start }));
    return trace.setSpan(parent, span);
  }

  function end({
    span,
    request,
    response,
    method,
    start,
  }: {
    span: Span;
    request: Routed;
    response: ServerResponse;
    method: string;
    start: number;
  }): void {
    const route = routeOf(request);
    // Without a response the client has disconnected: Node would report 200.
    const status = response.headersSent ? response.statusCode : null;
    const failed = status !== null && status >= 500;
    const outcome: Attributes = {
      ...(route !== null && { [names.route]: route }),
      ...(status !== null && { [names.status]: status }),
      ...(failed && { [errorType]: String(status) }),
    };
    if (span.isRecording()) {
      span.setAttributes(outcome);
      if (route !== null) span.updateName(`${method} ${route}`);
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
    const labels = { [names.method]: method, [urlScheme]: scheme, [names.version]: request.httpVersion, ...outcome };
    duration.record((performance.now() - start) / 1000, labels);
  }

  /** Other callers begin a new trace, which links to theirs: they neither join a trace of ours nor decide what we record. */
  function origin(request: IncomingMessage): { parent: Context; links: Link[] } {
    if (request.headers.traceparent === undefined) return { parent: ROOT_CONTEXT, links: [] };
    const remote = propagation.extract(ROOT_CONTEXT, request.headers);
    if (trusts(request)) return { parent: remote, links: [] };
    const caller = trace.getSpanContext(remote);
    if (caller === undefined || !isSpanContextValid(caller)) return { parent: ROOT_CONTEXT, links: [] };
    // Without the trace state, which is text of the caller.
    const { traceId, spanId, traceFlags } = caller;
    return { parent: ROOT_CONTEXT, links: [{ context: { traceId, spanId, traceFlags, isRemote: true } }] };
  }

  function isUntraced({ socket, url = '' }: IncomingMessage): boolean {
    return socket.localPort === metricsPort || probes.has(url.split('?', 1)[0] ?? '');
  }
}

/** The template of the path, which contains no text of clients; null: no route matched. */
function routeOf({ route, baseUrl = '' }: Routed): string | null {
  return typeof route?.path === 'string' ? `${baseUrl}${route.path}` : null;
}
