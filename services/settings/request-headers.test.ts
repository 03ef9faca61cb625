import { expect, test } from 'vitest';
import { loadConfig } from '../config.ts';

const model = { LLM_BASE_URL: 'https://models.example/v1', LLM_MODEL: 'm' };
const headersOf = (text: string) => loadConfig({ ...model, LLM_HEADERS: text }).model?.headers;

test.each([
  ['api-key=abc==, X-Title=My course', { 'api-key': 'abc==', 'X-Title': 'My course' }],
  ['api-key: abc', { 'api-key': 'abc' }],
  [
    '{"X-List":"a, b","HTTP-Referer":"https://lms.example"}',
    { 'X-List': 'a, b', 'HTTP-Referer': 'https://lms.example' },
  ],
])('%s are headers', (text, headers) => {
  expect(headersOf(text)).toEqual(headers);
});

test.each([
  'secret-1',
  'a b=secret-1',
  'api-key=secret-1é',
  'Content-Length=secret-1',
  '{"a":{"b":"secret-1"}}',
  '{secret-1',
])('%s is rejected without showing the value', (text) => {
  expect(() => headersOf(text)).toThrow(/LLM_HEADERS/);
  expect(() => headersOf(text)).not.toThrow(/secret-1/);
});
