/** `cli -- prices show NAME`: prints the price of a model name, and where it comes from. */
import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import { FIELD_PRICES } from '../../llm/field-prices.ts';
import { loadExchangeRates, loadFindPrice } from '../../llm/load-prices.ts';

export function describePrices(command: Command, show: (name: string) => void): Command {
  command.description('show prices of models');
  command
    .command('show')
    .argument('<name>', 'a model name as a server reports it, such as gpt-4o-mini or openai/gpt-4o')
    .description('print the price of a model, and where it comes from')
    .action(show);
  return command;
}

/**
 * @returns the exit code: 1 for a name without a price
 * @throws {PriceFileError}
 */
export function runShowPrice(
  name: string,
  config: Pick<Config, 'priceBookFile' | 'exchangeRatesFile' | 'priceFallbackModel'>,
  { now, write }: { now: Date; write: (text: string) => void },
): number {
  const found = loadFindPrice(config)(name, now, 0);
  if (found === null) {
    write(
      `${name} has no price. Add it to a file and name the file in PRICE_BOOK:\n` +
        `  {"aliases": {${JSON.stringify(name)}: "a model that has a price"}}\n` +
        'Or set PRICE_FALLBACK_MODEL to the model whose price applies to unknown names.\n',
    );
    return 1;
  }
  const rate = loadExchangeRates(config.exchangeRatesFile)
    .filter(({ from }) => Date.parse(`${from}T00:00:00+09:00`) <= now.getTime())
    .toSorted((a, b) => b.from.localeCompare(a.from))[0];
  const { input, cachedInput = input, output } = found.price;
  const origin =
    found.origin === 'genai-prices' ? `genai-prices ${FIELD_PRICES.version} of ${FIELD_PRICES.asOf}` : found.origin;
  const amounts = (
    [
      ['input', input],
      ['cached input', cachedInput],
      ['output', output],
    ] as const
  ).map(([kind, dollars]) => {
    const yen = rate === undefined ? '' : `  ${(dollars * rate.usdJpy).toFixed(2)} JPY`;
    return `  ${kind.padEnd(12)}  ${dollars} USD${yen}  per million tokens\n`;
  });
  const from = rate === undefined ? '' : `  1 USD = ${rate.usdJpy} JPY since ${rate.from}\n`;
  write(`${name}\n${amounts.join('')}  from ${origin}: ${found.name}\n${from}`);
  return 0;
}
