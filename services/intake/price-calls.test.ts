import { expect, test } from 'vitest';
import type { ExternalUsage } from './external-turn.ts';
import { priceCalls, usageOfCalls } from './price-calls.ts';

const usage = (values: Partial<ExternalUsage> = {}): ExternalUsage => ({
  prompt: 187,
  completion: 41,
  total: null,
  cached: 64,
  cacheWrite: null,
  reasoning: null,
  ...values,
});
const price = (model: string, used: { promptTokens: number } | null) =>
  model === 'free' ? 0 : model === 'paid' && used !== null ? used.promptTokens / 1_000_000 : null;
const at = new Date('2026-11-30T00:00:00Z');

test('tokens and yen are added over the calls of a turn', () => {
  const calls = [
    { model: 'paid', usage: usage() },
    { model: 'paid', usage: usage({ prompt: 13, cached: null, total: 99 }) },
    { model: 'free', usage: usage({ prompt: 1, cached: 9 }) },
  ];
  expect(usageOfCalls(calls)).toEqual({
    promptTokens: 201,
    cachedPromptTokens: 65,
    completionTokens: 123,
    totalTokens: 369,
  });
  expect(priceCalls(calls, price, at)).toBe(0.0002);
});

test.each([
  ['no call is known', null],
  ['the application made none', []],
  [
    'a call has no usage',
    [
      { model: 'paid', usage: usage() },
      { model: 'paid', usage: null },
    ],
  ],
])('usage and cost are unknown, which is not zero, where %s', (_why, calls) => {
  expect(usageOfCalls(calls)).toBeNull();
  expect(priceCalls(calls, price, at)).toBeNull();
});

test.each([
  ['has no price', 'unknown'],
  ['has no name', null],
])('the cost is unknown where a model %s', (_why, model) => {
  expect(
    priceCalls(
      [
        { model: 'paid', usage: usage() },
        { model, usage: usage() },
      ],
      price,
      at,
    ),
  ).toBeNull();
});
