import { expect, test } from 'vitest';
import { jsonSpan, jsonTraces, randomId } from '../../../test/intake/otlp-client.ts';
import { decodeJsonTraces } from '../../http/otlp/json.ts';
import { readSpan } from '../spans/read-span.ts';

const documentsOf = (name: string, result: unknown) => {
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.call.result': typeof result === 'string' ? result : JSON.stringify(result),
  };
  const [span] = decodeJsonTraces(jsonTraces([jsonSpan({ traceId: randomId(16) }, attributes)])).items;
  return span === undefined ? undefined : readSpan(span)?.documents?.map(({ id, text }) => ({ id, text }));
};

const document = { id: 'returns', text: 'Within 30 days.' };

test.each([
  ['a list of documents', 'any', [document]],
  ['a field with documents', 'any', { results: [document] }],
  [
    'a typed text with JSON, as tools of the Model Context Protocol',
    'any',
    { content: [{ type: 'text', text: JSON.stringify([document]) }] },
  ],
])('the documents that a tool returns as %s are those of the turn', (_case, name, result) => {
  expect(documentsOf(name, result)).toEqual([document]);
});

test('texts that a tool returns are documents where its name says that it searches', () => {
  const texts = [
    { type: 'text', text: 'Within 30 days.' },
    { type: 'text', text: 'Shipping costs 500 yen.' },
  ];
  expect(documentsOf('search_policies', { content: texts })).toHaveLength(2);
  expect(documentsOf('search_policies', ['Within 30 days.'])).toHaveLength(1);
  expect(documentsOf('weather', ['Sunny.'])).toBeUndefined();
  expect(documentsOf('weather', 'Sunny.')).toBeUndefined();
});
