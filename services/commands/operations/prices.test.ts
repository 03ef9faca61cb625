import { expect, test } from 'vitest';
import { runShowPrice } from './prices.ts';

const files = { priceBookFile: undefined, exchangeRatesFile: undefined, priceFallbackModel: undefined };
function show(name: string, config: Parameters<typeof runShowPrice>[1] = files): { code: number; text: string } {
  let text = '';
  const code = runShowPrice(name, config, {
    now: new Date('2026-10-01T00:00:00Z'),
    write: (more) => {
      text += more;
    },
  });
  return { code, text };
}

test('a price is shown in dollars and yen, with its origin', () => {
  const { code, text } = show('openai/gpt-4o-mini');
  expect(code).toBe(0);
  expect(text).toContain('input         0.15 USD  22.50 JPY  per million tokens');
  expect(text).toContain('from shipped price book: gpt-4o-mini');
  expect(text).toContain('1 USD = 150 JPY since 2025-01-01');
});

test('a price of the bundled list is shown with the day of the list', () => {
  expect(show('gemini-2.5-flash').text).toMatch(
    /from genai-prices \d+\.\d+\.\d+ of 20\d\d-\d\d-\d\d: google: gemini-2\.5-flash/,
  );
});

test('a name without a price exits with 1 and says what to do', () => {
  const { code, text } = show('our-own-model');
  expect(code).toBe(1);
  expect(text).toContain('PRICE_BOOK');
  expect(show('our-own-model', { ...files, priceFallbackModel: 'gpt-4o' }).text).toContain('from fallback: gpt-4o');
});
