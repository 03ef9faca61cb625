/** The price book and the exchange rates of a game-day stack, dated today so that they are never stale. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultBehaviour } from '../model/behaviour.ts';

export const gamedayModel = 'gameday';

/** US dollars per million tokens of a small model, and yen per dollar. */
const price = { input: 0.15, output: 0.6 };
const usdJpy = 150;

/** Yen per answer with the default behaviour of the model. */
export const defaultCost =
  ((defaultBehaviour.promptTokens * price.input + defaultBehaviour.completionTokens * price.output) / 1_000_000) *
  usdJpy;

/** @param today YYYY-MM-DD @returns the files */
export function writePriceFiles(folder: string, today: string): { priceBook: string; exchangeRates: string } {
  const priceBook = join(folder, 'price-book.json');
  const exchangeRates = join(folder, 'exchange-rates.json');
  const from = '2025-01-01';
  writeFileSync(priceBook, JSON.stringify({ checked: today, models: { [gamedayModel]: [{ from, ...price }] } }));
  writeFileSync(exchangeRates, JSON.stringify({ checked: today, rates: [{ from, usdJpy }] }));
  return { priceBook, exchangeRates };
}
