/** Reads OTLP's JSON: ids in hexadecimal or base64, 64-bit numbers as text or number, enums by name or number. */
import type { Attributes, LogEvent, Span, SpanEvent, Value } from '../../intake/spans/span.ts';
import { MalformedRequest, otlpLimits, RefusedRecord } from './limits.ts';
import { millisecondsOf, tooLong, tooMany, withoutNul } from './protobuf.ts';
import {
  collector,
  type Decoded,
  logOf,
  type RawLog,
  type RawSpan,
  resourceOf,
  type Source,
  spanOf,
} from './records.ts';

type Json = Readonly<Record<string, unknown>>;
type Warn = (reason: string) => void;

/** @throws {MalformedRequest} */
export function decodeJsonTraces(body: Buffer): Decoded<Span> {
  return decode(body, ['resourceSpans', 'scopeSpans', 'spans'], (span, source, warn) =>
    spanOf(readSpan(span, warn), source),
  );
}

/** @throws {MalformedRequest} */
export function decodeJsonLogs(body: Buffer): Decoded<LogEvent> {
  return decode(body, ['resourceLogs', 'scopeLogs', 'logRecords'], (log, source, warn) =>
    logOf(readLog(log, warn), source),
  );
}

function decode<Item>(
  body: Buffer,
  [resources, scopes, records]: readonly [string, string, string],
  readRecord: (record: Json, source: Source, warn: Warn) => Item | null,
): Decoded<Item> {
  const found = collector<Item>();
  let count = 0;
  const request = object(parseJson(body), 'the body');
  for (const ofResource of list(request, resources)) {
    const resourceFields = object(ofResource, resources);
    const own = get(resourceFields, 'resource');
    const resource = resourceOf(
      own === undefined ? {} : orMalformed(() => attributesOf(object(own, 'resource'), new Counter())),
    );
    for (const ofScope of list(resourceFields, scopes)) {
      const scopeFields = object(ofScope, scopes);
      const scope = get(scopeFields, 'scope');
      const name = scope === undefined ? '' : get(object(scope, 'scope'), 'name');
      const source = { resource, scope: typeof name === 'string' ? withoutNul(name) : '' };
      for (const record of list(scopeFields, records)) {
        count += 1;
        if (count > otlpLimits.spans) throw new MalformedRequest(tooMany);
        found.add(() => {
          if (!isObject(record)) throw new RefusedRecord('a record is not an object');
          return readRecord(record, source, found.warn);
        });
      }
    }
  }
  return found.result();
}

/** @throws {MalformedRequest} also for JSON that would need much more memory than its text */
function parseJson(body: Buffer): unknown {
  let depth = 0;
  let nodes = 0;
  let inString = false;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index];
    if (inString) {
      if (byte === 0x5c) index += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      nodes += 1;
      if (depth > otlpLimits.jsonDepth)
        throw new MalformedRequest(`The JSON is nested more than ${otlpLimits.jsonDepth} levels deep.`);
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  if (nodes > otlpLimits.jsonNodes) throw new MalformedRequest('The JSON has too many objects and lists.');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // The parser's message quotes the body.
    throw new MalformedRequest('The body is not JSON in UTF-8.');
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown, what: string): Json {
  if (!isObject(value)) throw new MalformedRequest(`In the body ${what} is not an object.`);
  return value;
}

/** Fields are in lowerCamelCase; senders that print protobuf's own names are read too. */
function get(fields: Json, name: string): unknown {
  const value = Object.hasOwn(fields, name)
    ? fields[name]
    : fields[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
  return value === null ? undefined : value;
}

function list(fields: Json, name: string): readonly unknown[] {
  const value = get(fields, name) ?? [];
  if (!Array.isArray(value)) throw new MalformedRequest(`In the body ${name} is not a list.`);
  return value;
}

function orMalformed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RefusedRecord) throw new MalformedRequest(`The request is invalid: ${error.message}.`);
    throw error;
  }
}

/** Counts the attributes of a record. */
class Counter {
  attributes = 0;
  left = 0;

  add(): void {
    this.attributes += 1;
    if (this.attributes > otlpLimits.attributes) {
      throw new RefusedRecord(`a record has more than ${otlpLimits.attributes} attributes`);
    }
  }
}

function readSpan(span: Json, warn: Warn): RawSpan {
  const counter = new Counter();
  const status = get(span, 'status');
  const statusFields = isObject(status) ? status : {};
  const attributes = attributesOf(span, counter);
  const events = listOf(span, 'events').map((event) => readEvent(event, counter));
  if (counter.left > 0) warn(tooLong);
  return {
    traceId: idOf(get(span, 'traceId'), 32),
    spanId: idOf(get(span, 'spanId'), 16),
    parentSpanId: idOf(get(span, 'parentSpanId'), 16),
    traceState: textOf(get(span, 'traceState'), 'traceState'),
    name: textOf(get(span, 'name'), 'name'),
    kind: enumOf(get(span, 'kind'), spanKinds),
    startMs: milliseconds(get(span, 'startTimeUnixNano')),
    endMs: milliseconds(get(span, 'endTimeUnixNano')),
    attributes,
    events,
    dropped: counter.left + countOf(get(span, 'droppedAttributesCount')) + countOf(get(span, 'droppedEventsCount')),
    statusCode: enumOf(get(statusFields, 'code'), statusCodes),
    statusMessage: textOf(get(statusFields, 'message'), 'status.message'),
    flags: countOf(get(span, 'flags')),
  };
}

const spanKinds: Readonly<Record<string, number>> = {
  SPAN_KIND_INTERNAL: 1,
  SPAN_KIND_SERVER: 2,
  SPAN_KIND_CLIENT: 3,
  SPAN_KIND_PRODUCER: 4,
  SPAN_KIND_CONSUMER: 5,
};
const statusCodes: Readonly<Record<string, number>> = { STATUS_CODE_OK: 1, STATUS_CODE_ERROR: 2 };

function readEvent(value: unknown, counter: Counter): SpanEvent {
  if (!isObject(value)) throw new RefusedRecord('an event is not an object');
  return {
    name: textOf(get(value, 'name'), 'name'),
    timeMs: milliseconds(get(value, 'timeUnixNano')),
    attributes: attributesOf(value, counter),
  };
}

function readLog(log: Json, warn: Warn): RawLog {
  const counter = new Counter();
  const raw = {
    traceId: idOf(get(log, 'traceId'), 32),
    spanId: idOf(get(log, 'spanId'), 16),
    name: textOf(get(log, 'eventName'), 'eventName'),
    timeMs: milliseconds(get(log, 'timeUnixNano')) || milliseconds(get(log, 'observedTimeUnixNano')),
    attributes: attributesOf(log, counter),
    body: anyValue(get(log, 'body'), counter, 0),
  };
  if (counter.left > 0) warn(tooLong);
  return raw;
}

function listOf(fields: Json, name: string): readonly unknown[] {
  const value = get(fields, name) ?? [];
  if (!Array.isArray(value)) throw new RefusedRecord(`${name} is not a list`);
  return value;
}

function attributesOf(fields: Json, counter: Counter): Attributes {
  return pairs(listOf(fields, 'attributes'), counter, 0);
}

function pairs(values: readonly unknown[], counter: Counter, depth: number): Attributes {
  const entries: [string, Value][] = [];
  for (const pair of values) {
    if (!isObject(pair)) throw new RefusedRecord('an attribute is not an object');
    counter.add();
    const key = textOf(get(pair, 'key'), 'key');
    const value = anyValue(get(pair, 'value'), counter, depth);
    if (
      typeof value === 'string' &&
      value.length * 3 > otlpLimits.attributeBytes &&
      Buffer.byteLength(value) > otlpLimits.attributeBytes
    ) {
      counter.left += 1;
    } else entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

function anyValue(value: unknown, counter: Counter, depth: number): Value {
  if (value === undefined) return null;
  if (depth > otlpLimits.depth)
    throw new RefusedRecord(`attributes are nested more than ${otlpLimits.depth} levels deep`);
  if (!isObject(value)) throw new RefusedRecord('the value of an attribute is not an object');
  const string = get(value, 'stringValue');
  if (string !== undefined) return textOf(string, 'stringValue');
  const bool = get(value, 'boolValue');
  if (bool !== undefined) return bool === true || bool === 'true';
  const int = get(value, 'intValue');
  if (int !== undefined) return numberOf(int, 'intValue');
  const double = get(value, 'doubleValue');
  if (double !== undefined) return numberOf(double, 'doubleValue');
  const bytes = get(value, 'bytesValue');
  if (bytes !== undefined) return textOf(bytes, 'bytesValue');
  const array = get(value, 'arrayValue');
  if (isObject(array)) {
    return listOf(array, 'values').map((item) => {
      counter.add();
      return anyValue(item, counter, depth + 1);
    });
  }
  const kvlist = get(value, 'kvlistValue');
  return isObject(kvlist) ? pairs(listOf(kvlist, 'values'), counter, depth + 1) : null;
}

/** NaN and infinities, which JSON writes as text, become null. */
function numberOf(value: unknown, what: string): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return null;
  if (typeof number !== 'number' || Number.isNaN(number)) throw new RefusedRecord(`${what} is not a number`);
  return number;
}

function textOf(value: unknown, what: string): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') throw new RefusedRecord(`${what} is not a text`);
  return withoutNul(value.isWellFormed() ? value : value.toWellFormed());
}

/** Hexadecimal digits of an id in hexadecimal, as OTLP says, or in base64, as protobuf's JSON does. */
function idOf(value: unknown, digits: number): string {
  if (value === undefined || value === '') return '';
  if (typeof value !== 'string') throw new RefusedRecord('an id is not a text');
  if (value.length === digits && /^[0-9a-fA-F]+$/.test(value)) return value.toLowerCase();
  const decoded = /^[A-Za-z0-9+/_-]+=*$/.test(value) ? Buffer.from(value, 'base64').toString('hex') : '';
  return decoded.length === digits ? decoded : value;
}

function enumOf(value: unknown, names: Readonly<Record<string, number>>): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? (names[value] ?? (/^\d$/.test(value) ? Number(value) : 0)) : 0;
}

function countOf(value: unknown): number {
  const count = Number(value ?? 0);
  return Number.isInteger(count) && count > 0 ? count : 0;
}

/** Of nanoseconds as text or number. */
function milliseconds(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'number' && Number.isFinite(value)) return millisecondsOf(BigInt(Math.trunc(value)));
  if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) throw new RefusedRecord('a time is not a number');
  return millisecondsOf(BigInt(value));
}
