import { expect, test } from 'vitest';
import { attribute, encodedRequest, encodedSpan, field, fixed64, varint } from '../../../test/intake/encode.ts';
import { decodeJsonLogs, decodeJsonTraces } from './json.ts';
import { MalformedRequest } from './limits.ts';
import { decodeLogs, decodeTraces } from './protobuf.ts';

const jsonSpan = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  name: 'rag',
  startTimeUnixNano: '1796057152000000000',
  endTimeUnixNano: '1796057153000000000',
};

function json(...spans: readonly unknown[]): Buffer {
  return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
}

function value(anyValue: unknown): unknown {
  return decodeJsonTraces(json({ ...jsonSpan, attributes: [{ key: 'a', value: anyValue }] })).items[0]?.attributes.a;
}

test('ids are read in hexadecimal of either case and in base64', () => {
  const base64 = { ...jsonSpan, traceId: 'W47/95gDgQPSabYzgT/GDA==', spanId: '7uGbfsPBsXQ=' };
  const upper = { ...jsonSpan, traceId: jsonSpan.traceId.toUpperCase(), spanId: jsonSpan.spanId.toUpperCase() };
  for (const span of [jsonSpan, base64, upper]) {
    expect(decodeJsonTraces(json(span)).items[0]).toMatchObject({ traceId: jsonSpan.traceId, spanId: jsonSpan.spanId });
  }
});

test('64-bit numbers are read as text and as numbers, enums by name and by number', () => {
  expect([value({ intValue: '187' }), value({ intValue: 187 }), value({ doubleValue: 0.5 })]).toEqual([187, 187, 0.5]);
  expect([value({ doubleValue: 'NaN' }), value({ boolValue: true })]).toEqual([null, true]);
  const named = { ...jsonSpan, kind: 'SPAN_KIND_SERVER', status: { code: 'STATUS_CODE_ERROR' } };
  const numbered = { ...jsonSpan, kind: 2, status: { code: 2 } };
  for (const span of [named, numbered]) {
    expect(decodeJsonTraces(json(span)).items[0]).toMatchObject({ position: 'server', failed: true });
  }
});

test('lists and fields of attributes are read, and names of prototypes are plain names', () => {
  expect(value({ arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }] } })).toEqual(['a', 1]);
  const read = value({ kvlistValue: { values: [{ key: '__proto__', value: { stringValue: 'x' } }] } });
  expect(Object.keys(read as object)).toEqual(['__proto__']);
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

test('unknown fields are ignored, and a remote parent is recognised by its flag', () => {
  const span = { ...jsonSpan, flags: 0x301, newField: { a: [1] }, parentSpanId: 'aaaaaaaaaaaaaaaa' };
  expect(decodeJsonTraces(json(span)).items[0]).toMatchObject({
    parentIsRemote: true,
    parentSpanId: 'aaaaaaaaaaaaaaaa',
  });
  const binary = encodedRequest(encodedSpan(field(200, 'later'), Buffer.concat([varint(201 * 8), varint(7)])));
  expect(decodeTraces(binary)).toMatchObject({ refused: 0, items: [{ name: 'rag', parentIsRemote: null }] });
});

test.each([
  ['a negative start', { startTimeUnixNano: '-5' }],
  ['no start', { startTimeUnixNano: undefined }],
  ['an end before its start', { endTimeUnixNano: '1796057151000000000' }],
  ['a time that is a list', { startTimeUnixNano: [] }],
  ['a trace id of zeros', { traceId: '0'.repeat(32) }],
  ['a trace id of a wrong length', { traceId: 'abc' }],
  ['a span id that is a number', { spanId: 7 }],
  ['attributes that are no list', { attributes: { a: 1 } }],
  ['an attribute that is a text', { attributes: ['a'] }],
  ['a value that is a text', { attributes: [{ key: 'a', value: 'b' }] }],
  ['a name that is an object', { name: {} }],
  ['an event that is a number', { events: [1] }],
])('a span with %s is refused, and the others are kept', (_case, wrong) => {
  const decoded = decodeJsonTraces(json({ ...jsonSpan, ...wrong }, jsonSpan, null, 'text'));
  expect(decoded).toMatchObject({ refused: 3, items: [{ name: 'rag' }] });
  expect(decoded.reasons[0]).not.toBe('');
});

test.each([
  ['no JSON', 'resourceSpans'],
  ['a list', '[]'],
  ['a wrong type at its top', '{"resourceSpans": 5}'],
  ['a resource that is a list', '{"resourceSpans": [{"resource": []}]}'],
  ['5,000 levels of nesting', `{"resourceSpans": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
  ['16 MiB of opening brackets', '['.repeat(16 * 1_048_576)],
  ['millions of empty objects', `{"resourceSpans": [${'{},'.repeat(1_600_000)}{}]}`],
  ['text that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
])('a JSON body with %s is malformed', (_case, body) => {
  expect(() => decodeJsonTraces(Buffer.from(body as string))).toThrow(MalformedRequest);
});

test('attributes that are nested too deep refuse their span', () => {
  let deep: Buffer = field(1, 'x');
  let deepJson: unknown = { stringValue: 'x' };
  for (let level = 0; level < 20; level += 1) {
    deep = field(5, field(1, deep));
    deepJson = { arrayValue: { values: [deepJson] } };
  }
  const decoded = decodeTraces(encodedRequest(encodedSpan(attribute('a', deep)), encodedSpan()));
  expect(decoded).toMatchObject({ refused: 1, items: [{ name: 'rag' }] });
  const span = { ...jsonSpan, attributes: [{ key: 'a', value: deepJson }] };
  expect(decodeJsonTraces(json(span, jsonSpan))).toMatchObject({ refused: 1, items: [{ name: 'rag' }] });
});

test('5,000 levels of nested protobuf messages refuse their span', () => {
  let deep: Buffer = field(1, 'x');
  for (let level = 0; level < 5_000; level += 1) deep = field(5, field(1, deep));
  expect(decodeTraces(encodedRequest(encodedSpan(attribute('a', deep))))).toMatchObject({ refused: 1, items: [] });
});

test('an attribute of 1 MB is left out and counted as dropped', () => {
  const long = 'あ'.repeat(349_526);
  const binary = decodeTraces(encodedRequest(encodedSpan(attribute('input.value', long), attribute('b', 'kept'))));
  const span = {
    ...jsonSpan,
    attributes: [
      { key: 'input.value', value: { stringValue: long } },
      { key: 'b', value: { stringValue: 'kept' } },
    ],
  };
  for (const decoded of [binary, decodeJsonTraces(json(span))]) {
    expect(decoded).toMatchObject({ refused: 0, items: [{ attributes: { b: 'kept' }, dropped: 1 }] });
    expect(decoded.reasons).toEqual(['attributes longer than 262144 bytes were left out']);
  }
});

test('text that is not UTF-8 refuses its span', () => {
  const invalid = field(1, Buffer.from([0x66, 0xff]));
  const decoded = decodeTraces(encodedRequest(encodedSpan(attribute('a', invalid)), encodedSpan()));
  expect(decoded).toMatchObject({ refused: 1, reasons: ['a text is not UTF-8'], items: [{ name: 'rag' }] });
});

test('NUL and lone surrogates, which the database cannot store, are replaced', () => {
  expect(value({ stringValue: 'a\0b\ud800' })).toBe('a\uFFFDb\uFFFD');
  const decoded = decodeTraces(encodedRequest(encodedSpan(attribute('a', 'b\0'))));
  expect(decoded.items[0]?.attributes.a).toBe('b\uFFFD');
});

test('protobuf times beyond the range of senders are refused', () => {
  const decoded = decodeTraces(encodedRequest(encodedSpan(fixed64(8, -1n))));
  expect(decoded).toMatchObject({ refused: 1, items: [] });
});

test.each([
  ['random bytes', Buffer.from('this is no protobuf message at all')],
  ['a length beyond the end', Buffer.from([0x0a, 0x7f, 0x01])],
  ['a truncated request', encodedRequest(encodedSpan()).subarray(0, 40)],
  ['nested groups', Buffer.alloc(5_000, 0x0b)],
  ['an endless varint', Buffer.alloc(64, 0xff)],
])('a protobuf body of %s is malformed', (_case, body) => {
  expect(() => decodeTraces(body)).toThrow(MalformedRequest);
  expect(() => decodeLogs(body)).toThrow(MalformedRequest);
});

test('a request of more spans than allowed is malformed, and says which setting to lower', () => {
  const empty = Array.from({ length: 5_000 }, () => Buffer.alloc(0));
  expect(() => decodeTraces(encodedRequest(...empty))).toThrow('OTEL_BSP_MAX_EXPORT_BATCH_SIZE');
  expect(() => decodeJsonTraces(json(...empty.map(() => ({}))))).toThrow('OTEL_BSP_MAX_EXPORT_BATCH_SIZE');
});

test('a log record without a span is left out', () => {
  const logs = {
    resourceLogs: [
      {
        scopeLogs: [
          {
            logRecords: [
              { body: { stringValue: 'hello' } },
              { ...jsonSpan, eventName: 'gen_ai.choice', timeUnixNano: '5' },
            ],
          },
        ],
      },
    ],
  };
  const decoded = decodeJsonLogs(Buffer.from(JSON.stringify(logs)));
  expect(decoded).toMatchObject({ refused: 0, items: [{ name: 'gen_ai.choice', traceId: jsonSpan.traceId }] });
});
