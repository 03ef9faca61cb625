import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EXTRACTIVE } from './extractive.ts';
import { FIELD_PRICES } from './field-prices.ts';
import {
  loadExchangeRates,
  loadFindPrice,
  loadPrice,
  PriceFileError,
  priceOrigins,
  pricesAsOf,
} from './load-prices.ts';

const directory = mkdtempSync(join(tmpdir(), 'prices-'));
afterAll(() => rmSync(directory, { recursive: true }));
const ours = { priceBookFile: undefined, exchangeRatesFile: undefined, priceFallbackModel: undefined };

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

test('the extractive generator costs exactly 0, whatever the book of the operator says', () => {
  const priceBookFile = file('own.json', { models: { m: [{ from: '2025-01-01', input: 1, output: 2 }] } });
  const usage = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0, totalTokens: 0 };
  expect(loadPrice({ ...ours, priceBookFile })(EXTRACTIVE, usage, new Date())).toBe(0);
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
  ['a list', [], /the file: /],
  ['what is not JSON', '{', /cannot be read as JSON/],
])('%s in a price book is refused, naming the file and the entry', (_case, content, message) => {
  const path = file('bad-book.json', content);
  const load = () => loadFindPrice({ priceBookFile: path, priceFallbackModel: undefined });
  expect(load).toThrow(PriceFileError);
  expect(load).toThrow(message);
  expect(load).toThrow(path);
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

test('prices and rates are as old as the day they were checked, else as the latest of them', () => {
  const models = { m: [{ from: '2025-01-01', input: 1, output: 2 }], n: [{ from: '2025-03-07', input: 1, output: 2 }] };
  const rates = [{ from: '2025-01-01', usdJpy: 150 }];
  const unchecked = { priceBookFile: file('p.json', { models }), exchangeRatesFile: file('r.json', { rates }) };
  expect(pricesAsOf(unchecked)).toEqual({
    'price book': new Date('2025-03-06T15:00:00Z'),
    'exchange rates': new Date('2024-12-31T15:00:00Z'),
  });
  const exchangeRatesFile = file('checked.json', { checked: '2026-11-05', rates });
  expect(pricesAsOf({ ...unchecked, exchangeRatesFile })['exchange rates']).toEqual(new Date('2026-11-04T15:00:00Z'));
  const priceBookFile = file('checked-prices.json', { checked: '2025-04-05', models });
  expect(pricesAsOf({ ...unchecked, priceBookFile })['price book']).toEqual(new Date('2025-04-04T15:00:00Z'));
});

test('prices and rates are of the operator once a file of theirs states prices, rates or a day', () => {
  const none = { priceBookFile: undefined, exchangeRatesFile: undefined };
  expect(priceOrigins(none)).toEqual({ 'price book': 'shipped', 'exchange rates': 'shipped' });
  const aliases = file('only-aliases.json', { aliases: { mine: 'gpt-4o-mini' } });
  expect(priceOrigins({ ...none, priceBookFile: aliases })['price book']).toBe('shipped');
  const confirmed = file('confirmed.json', { checked: '2026-11-05' });
  expect(priceOrigins({ ...none, priceBookFile: confirmed })['price book']).toBe('own');
});

test.each([undefined, { aliases: { mine: 'gpt-4o-mini' } }])(
  'with the book %j, prices are those of the latest shipped list',
  (book) => {
    const priceBookFile = book && file('aliases.json', book);
    expect(pricesAsOf({ priceBookFile, exchangeRatesFile: undefined })['price book'].getTime()).toBeGreaterThanOrEqual(
      new Date(`${FIELD_PRICES.asOf}T00:00:00+09:00`).getTime(),
    );
  },
);

const later = new Date('2026-10-01T00:00:00Z');
const find = loadFindPrice(ours);

test.each([
  ['gpt-4o', 2.5],
  ['GPT-4o', 2.5],
  ['openai/gpt-4o', 2.5],
  ['azure/gpt-4o-2024-08-06', 2.5],
  ['gpt-35-turbo', 0.5],
  ['gpt-4o-mini-2024-07-18', 0.15],
  ['claude-3.5-sonnet', 3],
  ['anthropic/claude-3.5-sonnet', 3],
  ['anthropic/claude-sonnet-4.5', 3],
  ['claude-sonnet-4@20250514', 3],
  ['us.anthropic.claude-sonnet-4-20250514-v1:0', 3],
  ['models/gemini-2.5-flash', 0.3],
  ['google/gemini-2.5-flash:nitro', 0.3],
  ['publishers/google/models/gemini-2.0-flash', 0.1],
])('%s costs %d dollars per million input tokens', (name, input) => {
  expect(find(name, later, 1_000)?.price.input).toBe(input);
});

test.each([
  'gpt-5',
  'gpt-5-chat-latest',
  'gpt-5.2',
  'gpt-5-mini-2025-08-07',
  'o3',
  'o4-mini',
  'o3-pro',
  'gpt-4.1-nano',
  'gpt-oss-120b',
  'openai/gpt-oss-20b',
  'claude-opus-4-1',
  'claude-haiku-4-5-20251001',
  'claude-3-5-sonnet-latest',
  'gemini-2.5-pro',
  'gemini-2.5-flash-lite',
  'gemini-1.5-pro-002',
  'deepseek-chat',
  'deepseek-reasoner',
  'deepseek/deepseek-r1',
  'deepseek-ai/DeepSeek-V3',
  'mistral-large-latest',
  'mistral-small-latest',
  'mistralai/mistral-small-24b-instruct-2501',
  'codestral-latest',
  'magistral-medium-latest',
  'ministral-8b-latest',
  'open-mistral-nemo',
  'llama-3.3-70b-versatile',
  'llama-3.1-8b-instant',
  'meta-llama/llama-3.3-70b-instruct',
  'meta-llama/Llama-3.3-70B-Instruct-Turbo',
  'accounts/fireworks/models/llama-v3p3-70b-instruct',
  'qwen/qwen-2.5-72b-instruct',
  'Qwen/Qwen2.5-72B-Instruct',
  'qwen3-235b-a22b',
  'qwen-max',
  'grok-4',
  'x-ai/grok-3',
  'grok-3-mini',
  'command-r-plus',
  'command-a-03-2025',
  'moonshotai/kimi-k2',
  'kimi-k2-0905-preview',
  'amazon.nova-pro-v1:0',
  'nova-lite-v1',
  'sonar-pro',
  'z-ai/glm-4.6',
  'glm-4.5',
  'minimax-m2',
  'google/gemma-3-27b-it',
  'microsoft/phi-4',
  'mixtral-8x7b-instruct',
])('%s has a price', (name) => {
  expect(find(name, later, 1_000)).not.toBeNull();
});

test('a name that is no model has no price, and the price of a declared model where the operator declares one', () => {
  expect(find('our-own-model', later, 1_000)).toBeNull();
  expect(find('constructor', later, 1_000)).toBeNull();
  const withFallback = loadFindPrice({ priceBookFile: undefined, priceFallbackModel: 'gpt-4o-mini' });
  expect(withFallback('our-own-model', later, 1_000)).toMatchObject({ origin: 'fallback', price: { input: 0.15 } });
});

test("the operator's book adds entries and aliases to the shipped one", () => {
  const priceBookFile = file('more.json', {
    models: { 'our-own-model': [{ from: '2025-01-01', input: 1, output: 2 }] },
    aliases: { 'Deployment-7': 'gpt-4o-mini' },
  });
  const own = loadFindPrice({ priceBookFile, priceFallbackModel: undefined });
  expect(own('Our-own-model', later, 1)).toMatchObject({ origin: 'your price book', price: { input: 1 } });
  expect(own('deployment-7', later, 1)).toMatchObject({ name: 'gpt-4o-mini', price: { input: 0.15 } });
  expect(own('gpt-4o', later, 1)).toMatchObject({ origin: 'shipped price book' });
});

test('a long prompt costs the price of its tier', () => {
  expect(find('gemini-2.5-pro', later, 1_000)?.price.input).toBeLessThan(
    find('gemini-2.5-pro', later, 300_000)?.price.input ?? 0,
  );
});

test('the stated day of the bundled prices is that of the installed release', () => {
  const manifest = new URL('../../node_modules/@pydantic/genai-prices/package.json', import.meta.url);
  expect(JSON.parse(readFileSync(manifest, 'utf8')).version).toBe(FIELD_PRICES.version);
});
