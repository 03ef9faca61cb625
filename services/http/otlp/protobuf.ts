/** Reads OTLP's protobuf messages field by field, so that limits hold while reading. Unknown fields are skipped. */
import protobuf from 'protobufjs/minimal.js';
import type { Attributes, LogEvent, Span, SpanEvent, Value } from '../../intake/spans/span.ts';
import { MalformedRequest, otlpLimits, RefusedRecord } from './limits.ts';
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

type Reader = protobuf.Reader;

/** @throws {MalformedRequest} */
export function decodeTraces(body: Buffer): Decoded<Span> {
  return decode(body, (reader, end, source, warn) => spanOf(readSpan(reader, end, warn), source));
}

/** @throws {MalformedRequest} */
export function decodeLogs(body: Buffer): Decoded<LogEvent> {
  return decode(body, (reader, end, source, warn) => logOf(readLog(reader, end, warn), source));
}

type Warn = (reason: string) => void;

/** Traces and logs nest alike: resources (1), their scopes (2), their records (2). */
function decode<Item>(
  body: Buffer,
  readRecord: (reader: Reader, end: number, source: Source, warn: Warn) => Item | null,
): Decoded<Item> {
  const found = collector<Item>();
  let records = 0;
  try {
    const reader = protobuf.Reader.create(body);
    fields(reader, body.length, (field) => {
      if (field !== 1) return false;
      const { own: attributes, parts: scopes } = ownAndParts(reader, readResource, {});
      const resource = resourceOf(attributes);
      for (const scope of scopes) {
        const at = readerAt(body, scope);
        const { own: scopeName, parts } = ownAndParts(at, readScope, '', scope.end);
        for (const part of parts) {
          records += 1;
          if (records > otlpLimits.spans) throw new MalformedRequest(tooMany);
          if (part.end - part.start > otlpLimits.spanBytes) {
            found.add(() => {
              throw new RefusedRecord('a record is larger than 2 MiB');
            });
            continue;
          }
          found.add(() => readRecord(readerAt(body, part), part.end, { resource, scope: scopeName }, found.warn));
        }
      }
      return true;
    });
  } catch (error) {
    if (error instanceof MalformedRequest) throw error;
    if (error instanceof RefusedRecord) throw new MalformedRequest(`The request is invalid: ${error.message}.`);
    throw new MalformedRequest('The body is no valid protobuf message of OTLP.', { cause: error });
  }
  return found.result();
}

export const tooMany = `A request may contain ${otlpLimits.spans} records. Set the exporter's batch size lower: OTEL_BSP_MAX_EXPORT_BATCH_SIZE=512.`;

type Part = { readonly start: number; readonly end: number };

function readerAt(body: Buffer, { start, end }: Part): Reader {
  const reader = protobuf.Reader.create(body.subarray(0, end));
  reader.pos = start;
  return reader;
}

/** Field 1 is the message's own, field 2 its parts. They come in any order. */
function ownAndParts<Own>(reader: Reader, readOwn: (reader: Reader, end: number) => Own, none: Own, known?: number) {
  const end = known ?? lengthOf(reader);
  let own = none;
  const parts: Part[] = [];
  fields(reader, end, (field) => {
    if (field === 1) own = readOwn(reader, lengthOf(reader));
    else if (field === 2) {
      const partEnd = lengthOf(reader);
      parts.push({ start: reader.pos, end: partEnd });
      if (parts.length > otlpLimits.spans) throw new MalformedRequest(tooMany);
      reader.pos = partEnd;
    } else return false;
    return true;
  });
  return { own, parts };
}

/** @param read returns whether it read the field */
function fields(reader: Reader, end: number, read: (field: number, wireType: number) => boolean): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const wireType = tag & 7;
    // Groups nest without a length, and OTLP has none.
    if (wireType === 3 || wireType === 4 || tag >>> 3 === 0)
      throw new MalformedRequest('The body contains protobuf groups.');
    if (!read(tag >>> 3, wireType)) reader.skipType(wireType);
  }
  if (reader.pos !== end) throw new MalformedRequest('A length in the body is wrong.');
}

/** The end of a nested message; the reader stands at its begin. */
function lengthOf(reader: Reader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new MalformedRequest('A length in the body is wrong.');
  return end;
}

function readResource(reader: Reader, end: number): Attributes {
  const attributes = new AttributeReader();
  fields(reader, end, (field) => field === 1 && attributes.read(reader));
  return attributes.result();
}

function readScope(reader: Reader, end: number): string {
  let name = '';
  fields(reader, end, (field) => {
    if (field !== 1) return false;
    name = text(reader);
    return true;
  });
  return name;
}

function readSpan(reader: Reader, end: number, warn: Warn): RawSpan {
  const attributes = new AttributeReader();
  const raw: RawSpan = {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    traceState: '',
    name: '',
    kind: 0,
    startMs: 0,
    endMs: 0,
    attributes: {},
    events: [],
    dropped: 0,
    statusCode: 0,
    statusMessage: '',
    flags: 0,
  };
  fields(reader, end, (field) => {
    if (field === 1) raw.traceId = hex(reader);
    else if (field === 2) raw.spanId = hex(reader);
    else if (field === 3) raw.traceState = text(reader);
    else if (field === 4) raw.parentSpanId = hex(reader);
    else if (field === 5) raw.name = text(reader);
    else if (field === 6) raw.kind = reader.int32();
    else if (field === 7) raw.startMs = milliseconds(reader);
    else if (field === 8) raw.endMs = milliseconds(reader);
    else if (field === 9) return attributes.read(reader);
    else if (field === 10 || field === 12) raw.dropped += reader.uint32();
    else if (field === 11) raw.events.push(readEvent(reader, attributes));
    else if (field === 15) readStatus(reader, raw);
    else if (field === 16) raw.flags = reader.fixed32();
    else return false;
    return true;
  });
  raw.attributes = attributes.result();
  raw.dropped += attributes.left;
  if (attributes.left > 0) warn(tooLong);
  return raw;
}

export const tooLong = `attributes longer than ${otlpLimits.attributeBytes} bytes were left out`;

function readEvent(reader: Reader, counted: AttributeReader): SpanEvent {
  const attributes = new AttributeReader(counted);
  let name = '';
  let timeMs = 0;
  fields(reader, lengthOf(reader), (field) => {
    if (field === 1) timeMs = milliseconds(reader);
    else if (field === 2) name = text(reader);
    else if (field === 3) return attributes.read(reader);
    else return false;
    return true;
  });
  return { name, timeMs, attributes: attributes.result() };
}

function readStatus(reader: Reader, raw: RawSpan): void {
  fields(reader, lengthOf(reader), (field) => {
    if (field === 2) raw.statusMessage = text(reader);
    else if (field === 3) raw.statusCode = reader.int32();
    else return false;
    return true;
  });
}

function readLog(reader: Reader, end: number, warn: Warn): RawLog {
  const attributes = new AttributeReader();
  const raw: RawLog = { traceId: '', spanId: '', name: '', timeMs: 0, attributes: {}, body: null };
  fields(reader, end, (field) => {
    if (field === 1) raw.timeMs = milliseconds(reader) || raw.timeMs;
    else if (field === 5) raw.body = attributes.value(reader, 0);
    else if (field === 6) return attributes.read(reader);
    else if (field === 9) raw.traceId = hex(reader);
    else if (field === 10) raw.spanId = hex(reader);
    else if (field === 11) raw.timeMs ||= milliseconds(reader);
    else if (field === 12) raw.name = text(reader);
    else return false;
    return true;
  });
  raw.attributes = attributes.result();
  if (attributes.left > 0) warn(tooLong);
  return raw;
}

/** Reads key-value pairs and counts them. */
class AttributeReader {
  readonly #entries: [string, Value][] = [];
  readonly #counted: { count: number; left: number };
  /** @param shared counts together with this one */
  constructor(shared?: AttributeReader) {
    this.#counted = shared === undefined ? { count: 0, left: 0 } : shared.#counted;
  }

  get left(): number {
    return this.#counted.left;
  }

  read(reader: Reader): boolean {
    const entry = this.#pair(reader, 0);
    if (entry !== null) this.#entries.push(entry);
    return true;
  }

  result(): Attributes {
    // Defines own properties, also for names such as `__proto__`.
    return Object.fromEntries(this.#entries);
  }

  #pair(reader: Reader, depth: number): [string, Value] | null {
    this.#count();
    let key = '';
    let value: Value = null;
    const end = lengthOf(reader);
    const isLong = end - reader.pos > otlpLimits.attributeBytes;
    fields(reader, end, (field) => {
      if (field === 1) key = text(reader);
      else if (field === 2 && !isLong) value = this.value(reader, depth);
      else return false;
      return true;
    });
    if (!isLong) return [key, value];
    this.#counted.left += 1;
    return null;
  }

  value(reader: Reader, depth: number): Value {
    if (depth > otlpLimits.depth)
      throw new RefusedRecord(`attributes are nested more than ${otlpLimits.depth} levels deep`);
    let value: Value = null;
    fields(reader, lengthOf(reader), (field) => {
      if (field === 1) value = text(reader);
      else if (field === 2) value = reader.bool();
      else if (field === 3) value = Number(reader.int64());
      else if (field === 4) value = reader.double();
      else if (field === 5) value = this.#list(reader, depth);
      else if (field === 6) value = this.#fields(reader, depth);
      else if (field === 7) value = bytes(reader).toString('base64');
      else return false;
      return true;
    });
    return value;
  }

  #list(reader: Reader, depth: number): Value {
    const values: Value[] = [];
    fields(reader, lengthOf(reader), (field) => {
      if (field !== 1) return false;
      this.#count();
      values.push(this.value(reader, depth + 1));
      return true;
    });
    return values;
  }

  #fields(reader: Reader, depth: number): Value {
    const entries: [string, Value][] = [];
    fields(reader, lengthOf(reader), (field) => {
      if (field !== 1) return false;
      const entry = this.#pair(reader, depth + 1);
      if (entry !== null) entries.push(entry);
      return true;
    });
    return Object.fromEntries(entries);
  }

  #count(): void {
    this.#counted.count += 1;
    if (this.#counted.count > otlpLimits.attributes) {
      throw new RefusedRecord(`a record has more than ${otlpLimits.attributes} attributes`);
    }
  }
}

function bytes(reader: Reader): Buffer {
  return reader.bytes() as Buffer;
}

function hex(reader: Reader): string {
  return bytes(reader).toString('hex');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function text(reader: Reader): string {
  const read = bytes(reader);
  try {
    return withoutNul(utf8.decode(read));
  } catch {
    throw new RefusedRecord('a text is not UTF-8');
  }
}

/** PostgreSQL stores no NUL. */
export function withoutNul(value: string): string {
  return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}

/** Of nanoseconds in 64 bits, to a microsecond, which is what a double holds of milliseconds since 1970. */
function milliseconds(reader: Reader): number {
  const low = reader.fixed32();
  const high = reader.fixed32();
  return millisecondsOf((BigInt(high) << 32n) | BigInt(low));
}

export function millisecondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000n) / 1_000;
}
