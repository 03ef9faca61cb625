/** Builds spans and log records in OTLP JSON, with every text field. */
import { randomBytes } from 'node:crypto';

export type Value = string | number | boolean | Value[] | { [key: string]: Value };
export type Attributes = Record<string, Value>;

export type Context = {
  readonly resource?: Attributes;
  readonly scope?: { name?: string; version?: string; attributes?: Attributes };
};
export type Span = {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly name?: string;
  readonly attributes?: Attributes;
  readonly events?: readonly { name: string; attributes: Attributes }[];
  readonly status?: { code: number; message: string };
  readonly traceState?: string;
  readonly milliseconds?: number;
};
export type LogRecord = {
  readonly body?: Value;
  readonly eventName?: string;
  readonly severityText?: string;
  readonly attributes?: Attributes;
};

export const newTraceId = () => randomBytes(16).toString('hex');
export const newSpanId = () => randomBytes(8).toString('hex');

export function traces(
  spans: readonly Span[],
  { resource = { 'service.name': 'rag-test' }, scope = {} }: Context = {},
) {
  const now = BigInt(Date.now()) * 1_000_000n;
  return {
    resourceSpans: [
      {
        resource: { attributes: list(resource) },
        scopeSpans: [
          {
            scope: { ...scope, attributes: list(scope.attributes ?? {}) },
            spans: spans.map(({ attributes = {}, events = [], milliseconds = 7, ...span }) => ({
              traceId: newTraceId(),
              spanId: newSpanId(),
              name: 'work',
              kind: 2,
              ...span,
              startTimeUnixNano: String(now - BigInt(Math.round(milliseconds * 1e6))),
              endTimeUnixNano: String(now),
              attributes: list(attributes),
              events: events.map((event) => ({
                ...event,
                timeUnixNano: String(now),
                attributes: list(event.attributes),
              })),
            })),
          },
        ],
      },
    ],
  };
}

export function logs(
  records: readonly LogRecord[],
  { resource = { 'service.name': 'rag-test' }, scope = {} }: Context = {},
) {
  const timeUnixNano = String(BigInt(Date.now()) * 1_000_000n);
  return {
    resourceLogs: [
      {
        resource: { attributes: list(resource) },
        scopeLogs: [
          {
            scope: { ...scope, attributes: list(scope.attributes ?? {}) },
            logRecords: records.map(({ attributes = {}, body, ...record }) => ({
              timeUnixNano,
              ...record,
              ...(body === undefined ? {} : { body: any(body) }),
              attributes: list(attributes),
            })),
          },
        ],
      },
    ],
  };
}

function list(attributes: Attributes) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: any(value) }));
}

function any(value: Value): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(any) } };
  return { kvlistValue: { values: list(value) } };
}
