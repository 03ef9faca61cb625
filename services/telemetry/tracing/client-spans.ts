/** Wraps each outgoing request of `fetch` and undici in a client span, passes the trace on in its headers, and measures it. */
import { subscribe } from 'node:diagnostics_channel';
import {
  context,
  isSpanContextValid,
  metrics as metricsApi,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { metrics } from '../../catalogue/metrics.ts';
import { errorType, serverAddress, serverPort } from './genai-names.ts';
import { http, urlScheme } from './http-names.ts';

/** The parts of undici's request that are read. */
type Request = {
  readonly method: string;
  readonly origin: string | URL;
  readonly addHeader: (name: string, value: string) => unknown;
};

type Call = {
  /** Null: outside a trace, or in a trace that is not recorded. */
  readonly span: Span | null;
  readonly start: number;
  /** Labels of the metric; all are attributes of the span as well. */
  readonly labels: Record<string, string | number>;
};

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY']);

/** Call it once, after the SDK has started. */
export function traceOutgoingRequests(): void {
  const tracer = trace.getTracer('rag-observatory');
  const { instrument, help, unit, bounds } = metrics.httpClientDuration;
  const duration = metricsApi.getMeter('rag-observatory').createHistogram(instrument, {
    description: help,
    unit,
    advice: { explicitBucketBoundaries: [...bounds] },
  });
  const calls = new WeakMap<Request, Call>();

  on<{ request: Request }>('undici:request:create', ({ request }) => {
    if (request.method === 'CONNECT') return;
    const origin = URL.parse(String(request.origin));
    if (origin === null) return;
    const labels = labelsOf(request.method.toUpperCase(), origin);
    calls.set(request, { span: begin(request, labels), start: performance.now(), labels });
  });

  on<{ request: Request; socket: { alpnProtocol?: string | false | null } }>(
    'undici:client:sendHeaders',
    ({ request, socket }) => {
      const call = calls.get(request);
      if (call !== undefined) call.labels[http.version] = socket.alpnProtocol === 'h2' ? '2' : '1.1';
    },
  );

  on<{ request: Request; response: { statusCode: number } }>('undici:request:headers', ({ request, response }) => {
    const call = calls.get(request);
    if (call === undefined) return;
    call.labels[http.status] = response.statusCode;
    if (response.statusCode < 400) return;
    call.labels[errorType] = String(response.statusCode);
    call.span?.setStatus({ code: SpanStatusCode.ERROR });
  });

  on<{ request: Request }>('undici:request:trailers', ({ request }) => end(request));

  on<{ request: Request; error: Error & { code?: unknown } }>('undici:request:error', ({ request, error }) => {
    const call = calls.get(request);
    // A request that we abort has not failed.
    if (call !== undefined && error.name !== 'AbortError') {
      call.labels[errorType] = String(error.code ?? error.name);
      call.span?.setStatus({ code: SpanStatusCode.ERROR });
    }
    end(request);
  });

  function begin(request: Request, labels: Call['labels']): Span | null {
    const active = context.active();
    const parent = trace.getSpan(active);
    if (parent === undefined || !isSpanContextValid(parent.spanContext())) return null;
    if (!parent.isRecording()) {
      propagation.inject(active, request, { set: addHeader });
      return null;
    }
    const span = tracer.startSpan(String(labels[http.method]), { kind: SpanKind.CLIENT, attributes: labels }, active);
    propagation.inject(trace.setSpan(active, span), request, { set: addHeader });
    return span;
  }

  function end(request: Request): void {
    const call = calls.get(request);
    if (call === undefined) return;
    calls.delete(request);
    call.span?.setAttributes(call.labels).end();
    duration.record((performance.now() - call.start) / 1000, call.labels);
  }
}

function labelsOf(method: string, { protocol, hostname, port }: URL): Call['labels'] {
  const scheme = protocol.slice(0, -1);
  return {
    [http.method]: methods.has(method) ? method : '_OTHER',
    [urlScheme]: scheme,
    [serverAddress]: hostname,
    [serverPort]: Number(port || (scheme === 'https' ? 443 : 80)),
  };
}

function addHeader(request: Request, name: string, value: string): void {
  request.addHeader(name, value);
}

function on<Message>(channel: string, listener: (message: Message) => void): void {
  subscribe(channel, (message) => listener(message as Message));
}
