/** `cli -- prices show NAME`: prints the price of a model name, and where it comes from. */
import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import { fieldPricesInUse, REMOTE_DATA_JSON_URL, useFieldPrices } from '../../llm/field-prices.ts';
import { loadExchangeRates, loadFindPrice } from '../../llm/load-prices.ts';
import { readSource, replaceFile } from './read-source.ts';

export type UpdateFlags = { readonly from: string; readonly to?: string };

export function describePrices(
  command: Command,
  { show, update }: { readonly show: (name: string) => void; readonly update: (flags: UpdateFlags) => Promise<void> },
): Command {
  command.description('show prices of models');
  command
    .command('show')
    .argument('<name>', 'a model name as a server reports it, such as gpt-4o-mini or openai/gpt-4o')
    .description('print the price of a model, and where it comes from')
    .action(show);
  command
    .command('update')
    .description('fetch newer list prices of genai-prices and write them to a file')
    .option('--from <url or file>', 'data of genai-prices, version 2', REMOTE_DATA_JSON_URL)
    .option('--to <file>', 'the file to write (default: the file in PRICE_DATA)')
    .addHelpText('after', '\nRestart the chat servers and the worker afterwards: they read the file at start.')
    .action(update);
  return command;
}

/**
 * @returns the exit code: 1 for a name without a price
 * @throws {PriceFileError}
 */
export function runShowPrice(
  name: string,
  config: Pick<Config, 'priceBookFile' | 'exchangeRatesFile' | 'priceFallbackModel'> & {
    readonly priceDataFile?: string | undefined;
  },
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
  const origin = found.origin === 'genai-prices' ? fieldPricesInUse().name : found.origin;
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

/** Fewer providers than this are not the whole data. */
const fewestProviders = 10;

/**
 * @returns the exit code
 * @throws {Error} for a source that cannot be used; the file is then unchanged
 */
export async function runUpdatePrices(
  { from, to }: UpdateFlags,
  {
    priceDataFile,
    now,
    write,
  }: { readonly priceDataFile: string | undefined; readonly now: Date; readonly write: (text: string) => void },
): Promise<number> {
  const file = to ?? priceDataFile;
  if (file === undefined) throw new Error('Name the file to write with --to, and set PRICE_DATA to it.');
  const data = { asOf: now.toISOString().slice(0, 10), providers: providersOf(await readSource(from)) };
  if (data.providers === null || data.providers.length < fewestProviders) {
    throw new Error(`${from} is not the data of genai-prices, version 2. ${file} is unchanged.`);
  }
  // The same code that will read the file: what it refuses is not written.
  try {
    useFieldPrices({ asOf: data.asOf, providers: data.providers });
  } catch (cause) {
    throw new Error(`${from} has data that this version cannot read. ${file} is unchanged.`, { cause });
  }
  await replaceFile(file, { source: from, ...data });
  write(`${file}: prices of ${data.providers.length} providers. Restart the chat servers and the worker.\n`);
  return 0;
}

function providersOf(text: string) {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}
