import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EXTRACTIVE } from './extractive.ts';
import { loadExchangeRates, loadPrice, loadPriceBook, PriceFileError, pricesAsOf } from './load-prices.ts';

const directory = mkdtempSync(join(tmpdir(), 'prices-'));
afterAll(() => rmSync(directory, { recursive: true }));
const ours = { priceBookFile: undefined, exchangeRatesFile: undefined };

function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test('the shipped book and rates price a well-known model, cached tokens separately', () => {
  const usage = { promptTokens: 12_345, cachedPromptTokens: 2_345, completionTokens: 678, totalTokens: 13_023 };
  // (10,000 × 0.15 + 2,345 × 0.075 + 678 × 0.6) / 10^6 = 0.002082675 USD; × 151.353 = 0.3152191… yen.
  expect(loadPrice(ours)('gpt-4o-mini-2024-07-18', usage, new Date('2024-11-07T00:00:00Z'))).toBe(0.315219);
});

test('the extractive answerer costs exactly 0, whatever book the operator gives', () => {
  const priceBookFile = file('own.json', { models: { m: [{ from: '2025-01-01', input: 1, output: 2 }] } });
  const usage = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0, totalTokens: 0 };
  expect(loadPrice({ ...ours, priceBookFile })(EXTRACTIVE, usage, new Date())).toBe(0);
  expect(Object.keys(loadPriceBook(priceBookFile))).toEqual(['m', EXTRACTIVE]);
});

const price = { from: '2025-01-01', input: 1, output: 2 };
test.each([
  ['a negative price', { models: { m: [{ ...price, input: -1 }] } }, /models\.m\.0\.input: /],
  ['a price as text', { models: { m: [{ ...price, output: '2' }] } }, /models\.m\.0\.output: /],
  [
    'a day that is none',
    { models: { m: [{ ...price, from: '2025-02-30' }] } },
    /models\.m\.0\.from: a day is written YYYY-MM-DD/,
  ],
  ['a misspelt field', { models: { m: [{ ...price, cachedinput: 1 }] } }, /models\.m\.0: .*cachedinput/],
  ['too many decimals', { models: { m: [{ ...price, input: 0.12345678912 }] } }, /more than 9 decimals/],
  ['two prices from one day', { models: { m: [price, price] } }, /models\.m: has two prices from the same day/],
  ['a model without prices', { models: { m: [] } }, /models\.m: /],
  ['no models', [], /the file: /],
  ['what is not JSON', '{', /cannot be read as JSON/],
])('%s in a price book is refused, naming the file and the entry', (_case, content, message) => {
  const path = file('bad-book.json', content);
  expect(() => loadPriceBook(path)).toThrow(PriceFileError);
  expect(() => loadPriceBook(path)).toThrow(message);
  expect(() => loadPriceBook(path)).toThrow(path);
});

test.each([
  ['a rate of 0', { rates: [{ from: '2025-01-01', usdJpy: 0 }] }, /rates\.0\.usdJpy: /],
  ['no rate', { rates: [] }, /rates: /],
  [
    'two rates from one day',
    {
      rates: [
        { from: '2025-01-01', usdJpy: 1 },
        { from: '2025-01-01', usdJpy: 2 },
      ],
    },
    /two rates from the same day/,
  ],
])('%s among the exchange rates is refused', (_case, content, message) => {
  expect(() => loadExchangeRates(file('bad-rates.json', content))).toThrow(message);
});

test('a file that is not there is named', () => {
  expect(() => loadExchangeRates(join(directory, 'gone.json'))).toThrow(/gone\.json cannot be read/);
});

test('prices are as old as the day they were checked, else as the latest of them, and a day begins in Tokyo', () => {
  const models = { m: [{ from: '2025-01-01', input: 1, output: 2 }], n: [{ from: '2025-03-07', input: 1, output: 2 }] };
  const rates = [{ from: '2025-01-01', usdJpy: 150 }];
  const unchecked = { priceBookFile: file('p.json', { models }), exchangeRatesFile: file('r.json', { rates }) };
  expect(pricesAsOf(unchecked)).toEqual({
    'price book': new Date('2025-03-06T15:00:00Z'),
    'exchange rates': new Date('2024-12-31T15:00:00Z'),
  });
  const exchangeRatesFile = file('checked.json', { checked: '2026-11-05', rates });
  expect(pricesAsOf({ ...unchecked, exchangeRatesFile })['exchange rates']).toEqual(new Date('2026-11-04T15:00:00Z'));
});
