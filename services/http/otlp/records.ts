/** Turns the fields of a decoded record into a span or a log event, or refuses them. */
import {
  type Attributes,
  type LogEvent,
  positions,
  type Resource,
  type Span,
  type SpanEvent,
  type Value,
} from '../../intake/spans/span.ts';
import { RefusedRecord } from './limits.ts';

export type RawSpan = {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  traceState: string;
  name: string;
  kind: number;
  startMs: number;
  endMs: number;
  attributes: Attributes;
  events: SpanEvent[];
  dropped: number;
  statusCode: number;
  statusMessage: string;
  flags: number;
};

export type RawLog = {
  traceId: string;
  spanId: string;
  name: string;
  timeMs: number;
  attributes: Attributes;
  body: Value;
};

export type Source = { readonly resource: Resource; readonly scope: string };

/** `dropped`: attributes that were left out because they are too long. */
export type Decoded<Item> = {
  readonly items: readonly Item[];
  readonly refused: number;
  /** Why the first records were refused, or attributes were left out; empty without either. */
  readonly reasons: readonly string[];
};

const hasRemoteFlag = 0x100;
const remoteFlag = 0x200;
const errorStatus = 2;

/** @throws {RefusedRecord} */
export function spanOf(raw: RawSpan, { resource, scope }: Source): Span {
  return {
    traceId: id(raw.traceId, 32, 'trace id'),
    spanId: id(raw.spanId, 16, 'span id'),
    parentSpanId: /^0*$/.test(raw.parentSpanId) ? null : id(raw.parentSpanId, 16, 'parent span id'),
    parentIsRemote: (raw.flags & hasRemoteFlag) === 0 ? null : (raw.flags & remoteFlag) !== 0,
    name: raw.name,
    position: positions[raw.kind] ?? 'unspecified',
    ...period(raw.startMs, raw.endMs),
    failed: raw.statusCode === errorStatus,
    statusMessage: raw.statusMessage === '' ? null : raw.statusMessage,
    attributes: raw.attributes,
    events: raw.events,
    dropped: raw.dropped,
    traceState: raw.traceState,
    scope,
    resource,
  };
}

/** Null for a record that belongs to no span. @throws {RefusedRecord} */
export function logOf(raw: RawLog, { scope }: Source): LogEvent | null {
  if (/^0*$/.test(raw.traceId) || /^0*$/.test(raw.spanId)) return null;
  if (!(raw.timeMs >= 0)) throw new RefusedRecord('a time is negative');
  return { ...raw, traceId: id(raw.traceId, 32, 'trace id'), spanId: id(raw.spanId, 16, 'span id'), scope };
}

function id(hex: string, digits: number, what: string): string {
  if (hex.length !== digits || !/^[0-9a-f]+$/.test(hex) || /^0+$/.test(hex))
    throw new RefusedRecord(`a ${what} is invalid`);
  return hex;
}

/** The year 2262: OTLP's nanoseconds end there for signed senders. */
const lastMs = 9_223_372_036_854;

function period(startMs: number, endMs: number): { readonly startMs: number; readonly endMs: number } {
  if (!(startMs > 0) || !(endMs > 0)) throw new RefusedRecord('a span has no start or no end');
  if (endMs < startMs) throw new RefusedRecord('a span ends before it starts');
  if (endMs > lastMs) throw new RefusedRecord('a time is out of range');
  return { startMs, endMs };
}

/** Of the attributes of a resource. Placeholders of SDKs without a service name count as none. */
export function resourceOf(attributes: Attributes): Resource {
  const text = (key: string) => {
    const value = attributes[key];
    return typeof value === 'string' && value.trim() !== '' ? value : null;
  };
  const named = text('service.name');
  return {
    service: (named?.startsWith('unknown_service') ? null : named) ?? text('openinference.project.name'),
    release: text('service.version'),
    language: text('telemetry.sdk.language'),
  };
}

/** Collects what was decoded and why the rest was not. */
export function collector<Item>() {
  const items: Item[] = [];
  const reasons = new Set<string>();
  let refused = 0;
  return {
    items,
    /** @throws any error but `RefusedRecord` */
    add(read: () => Item | null): void {
      try {
        const item = read();
        if (item !== null) items.push(item);
      } catch (error) {
        if (!(error instanceof RefusedRecord)) throw error;
        refused += 1;
        reasons.add(error.message);
      }
    },
    warn: (reason: string) => void reasons.add(reason),
    result: (): Decoded<Item> => ({ items, refused, reasons: [...reasons].slice(0, 5) }),
  };
}
