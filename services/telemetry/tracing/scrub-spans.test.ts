import { expect, test } from 'vitest';
import { type SpanExporter, scrubbing } from './scrub-spans.ts';

type Spans = Parameters<SpanExporter['export']>[0];

function sent(values: object): Spans[number] {
  let exported: Spans = [];
  const exporter = {
    export(spans: Spans) {
      exported = spans;
    },
    shutdown: async () => {},
  };
  const span = { attributes: {}, status: { code: 2 }, events: [], kind: 2, ...values } as unknown as Spans[number];
  scrubbing(exporter).export([span], () => {});
  if (exported[0] === undefined) throw new Error('nothing was sent');
  return exported[0];
}

test('an attribute that is not on the allow list is not exported', () => {
  const attributes = {
    'http.route': '/ask',
    'url.query': 'q=secret',
    'library.new': 'secret',
    'error.type': 'internal',
  };
  expect(sent({ attributes }).attributes).toEqual({ 'http.route': '/ask', 'error.type': 'internal' });
});

test.each([
  ["select 'it''s a secret', $1", 'select ?, $1'],
  ["select E'unclosed secret", 'select E?'],
  ['select $$secret$$, $tag$ secret $tag$, $2', 'select ?, ?, $2'],
  ['select a from b where c = $1 and d = $2', 'select a from b where c = $1 and d = $2'],
])('SQL literals are not exported: %s', (sql, left) => {
  expect(sent({ attributes: { 'db.query.text': sql } }).attributes).toEqual({ 'db.query.text': left });
});

test('an exception is exported with its type only, a status with its code only', () => {
  const attributes = { 'exception.type': '22P02', 'exception.message': 'secret', 'exception.stacktrace': 'secret' };
  const span = sent({ events: [{ name: 'exception', attributes }], status: { code: 2, message: 'secret' } });
  expect(span.events).toEqual([{ name: 'exception', attributes: { 'exception.type': '22P02' } }]);
  expect(span.status).toEqual({ code: 2 });
});

test('the server address is exported on client spans, not on server spans, where clients choose it', () => {
  const attributes = { 'server.address': 'model.example' };
  expect(sent({ kind: 2, attributes: { ...attributes } }).attributes).toEqual(attributes);
  expect(sent({ kind: 1, attributes: { ...attributes } }).attributes).toEqual({});
});
