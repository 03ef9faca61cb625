import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPrice, findInBook } from './price.ts';

const usage = (promptTokens: number, cachedPromptTokens: number, completionTokens: number) => ({
  promptTokens,
  cachedPromptTokens,
  completionTokens,
  totalTokens: promptTokens + completionTokens,
});
const price = createPrice(
  findInBook({
    small: [
      { from: '2025-03-01', input: 0.15, cachedInput: 0.075, output: 0.6 },
      { from: '2026-02-03', input: 0.17, cachedInput: 0.03, output: 0.71 },
    ],
    'small-2025-05-05': [{ from: '2025-03-01', input: 1, output: 2 }],
    plain: [{ from: '2025-03-01', input: 3, output: 15 }],
    own: [{ from: '1970-01-01', input: 0, output: 0 }],
  }),
  [
    { from: '2026-02-01', usdJpy: 151.353 },
    { from: '2025-01-01', usdJpy: 140.511 },
  ],
);
const then = new Date('2026-01-15T00:00:00Z');

test("an answer costs its fresh, cached and written tokens at the day's prices and rate", () => {
  // (1,111 × 0.15 + 222 × 0.075 + 333 × 0.6) / 10^6 = 0.0003831 USD; × 140.511 = 0.0538297… yen.
  expect(price('small', usage(1333, 222, 333), then)).toBe(0.05383);
  // (1,111 × 0.17 + 222 × 0.03 + 333 × 0.71) / 10^6 = 0.00043196 USD; × 151.353 = 0.06537844188 yen.
  expect(price('small', usage(1333, 222, 333), new Date('2026-02-03T01:00:00Z'))).toBe(0.065378);
});

test('without a price of their own, cached tokens cost as much as others', () => {
  // (777 × 3 + 55 × 15) / 10^6 = 0.003156 USD; × 140.511 = 0.443452716 yen.
  expect(price('plain', usage(777, 77, 55), then)).toBe(0.443453);
});

test('a price holds from midnight in Tokyo', () => {
  const before = price('small', usage(1_000_000, 0, 0), new Date('2026-02-02T14:59:59.999Z'));
  const after = price('small', usage(1_000_000, 0, 0), new Date('2026-02-02T15:00:00Z'));
  expect([before, after]).toEqual([22.70295, 25.73001]);
});

test.each([
  ['an unknown model', 'smaller', usage(10, 0, 10), then],
  ['a model whose name merely begins alike', 'small-turbo', usage(10, 0, 10), then],
  ['a day before the first price', 'small', usage(10, 0, 10), new Date('2025-02-28T14:59:59Z')],
  ['usage that the server did not report', 'small', null, then],
  ['a name that every object has', 'constructor', usage(10, 0, 10), then],
])('%s is unpriced, not free', (_case, model, used, at) => {
  expect(price(model, used, at)).toBeNull();
});

test('what costs nothing costs exactly 0, even before the first exchange rate', () => {
  expect(price('own', usage(0, 0, 0), new Date('2020-01-01'))).toBe(0);
  expect(price('own', usage(987, 65, 43), then)).toBe(0);
  expect(price('own', null, then)).toBe(0);
});

test('the last millionth is rounded half up, not as floating point happens to fall', () => {
  const exact = createPrice(findInBook({ m: [{ from: '2025-01-01', input: 0.000001, output: 1 }] }), [
    { from: '2025-01-01', usdJpy: 1.5 },
  ]);
  // 1 token × 1 USD / 10^6 × 1.5 = 1.5 millionths of a yen.
  expect(exact('m', usage(0, 0, 1), then)).toBe(0.000002);
  expect(exact('m', usage(333_333, 0, 0), then)).toBe(0);
  expect(exact('m', usage(333_334, 0, 0), then)).toBe(0.000001);
});

test('a price is never negative, never more precise than a millionth, and grows with the tokens', () => {
  const tokens = fc.nat(3_000_000);
  fc.assert(
    fc.property(tokens, tokens, tokens, (prompt, cached, completion) => {
      const yen = price('small', usage(prompt, cached, completion), then) ?? -1;
      expect(yen).toBeGreaterThanOrEqual(0);
      expect(Number(yen.toFixed(6))).toBe(yen);
      expect(price('small', usage(prompt, cached, completion + 1000), then)).toBeGreaterThan(yen);
    }),
  );
});
