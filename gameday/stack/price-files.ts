/** Prices for the model server, checked today: the price book and the exchange rates of a game-day stack. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { usualBehaviour } from '../model/behaviour.ts';

export const gamedayModel = 'gameday';

/** US dollars per million tokens, as a small model costs; yen per dollar. */
const price = { input: 0.15, output: 0.6 };
const usdJpy = 150;

/** Yen, while the model behaves as usual. */
export const usualCost =
  ((usualBehaviour.promptTokens * price.input + usualBehaviour.completionTokens * price.output) / 1_000_000) * usdJpy;

/** @param today YYYY-MM-DD @returns the files */
export function writePriceFiles(folder: string, today: string): { priceBook: string; exchangeRates: string } {
  const priceBook = join(folder, 'price-book.json');
  const exchangeRates = join(folder, 'exchange-rates.json');
  const from = '2025-01-01';
  writeFileSync(priceBook, JSON.stringify({ checked: today, models: { [gamedayModel]: [{ from, ...price }] } }));
  writeFileSync(exchangeRates, JSON.stringify({ checked: today, rates: [{ from, usdJpy }] }));
  return { priceBook, exchangeRates };
}
