/** A span and a log event of another application, decoded from OTLP and independent of its encoding. */

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

export type Attributes = Readonly<Record<string, Value>>;

export type SpanEvent = { readonly name: string; readonly timeMs: number; readonly attributes: Attributes };

export const positions = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

export type Resource = {
  /** `service.name`; null where the SDK sent none or its placeholder `unknown_service`. */
  readonly service: string | null;
  /** `service.version`. */
  readonly release: string | null;
  readonly language: string | null;
};

export type Span = {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly parentSpanId: string | null;
  /** Whether the parent is in another process; null where the SDK does not say so. */
  readonly parentIsRemote: boolean | null;
  readonly name: string;
  /** OTLP's span kind. */
  readonly position: (typeof positions)[number];
  /** Unix time in milliseconds, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly statusMessage: string | null;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  /** Attributes and events that the SDK left out because of its limits. */
  readonly dropped: number;
  /** W3C tracestate, which names the sampling probability of some samplers; empty without one. */
  readonly traceState: string;
  readonly scope: string;
  readonly resource: Resource;
};

/** A log record that belongs to a span. */
export type LogEvent = {
  readonly traceId: string;
  readonly spanId: string;
  /** Of the event; empty for a record without one. */
  readonly name: string;
  readonly timeMs: number;
  readonly attributes: Attributes;
  readonly body: Value;
  readonly scope: string;
};
