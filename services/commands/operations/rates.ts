/** `cli -- rates update`: adds the latest exchange rate of a source that the operator names. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { loadExchangeRates } from '../../llm/load-prices.ts';
import { readRates } from '../../llm/read-rates.ts';
import { readSource, replaceFile } from './read-source.ts';

export type RatesFlags = { readonly from: string; readonly to?: string; readonly acceptChange?: boolean };

/** A change larger than this is more likely to be another currency than the market. */
const largestChange = 0.2;

export function describeRates(command: Command, update: (flags: RatesFlags) => Promise<void>): Command {
  command.description('update exchange rates');
  command
    .command('update')
    .description('add the latest rate of a source to the file of rates')
    .requiredOption(
      '--from <url or file>',
      'rates of the ECB (XML, CSV), JSON with base and rates, or CSV with a day and a rate',
    )
    .option('--to <file>', 'the file to change (default: the file in EXCHANGE_RATES)')
    .option('--accept-change', `accept a rate that differs by more than ${largestChange * 100}% from the last`)
    .addHelpText('after', '\nRestart the chat servers and the worker afterwards: they read the file at start.')
    .action(update);
  return command;
}

/**
 * @returns the exit code
 * @throws {Error} for a source or a file that cannot be used
 */
export async function runUpdateRates(
  { from, to, acceptChange = false }: RatesFlags,
  {
    exchangeRatesFile,
    now,
    write,
  }: { readonly exchangeRatesFile: string | undefined; readonly now: Date; readonly write: (text: string) => void },
): Promise<number> {
  const file = to ?? exchangeRatesFile;
  if (file === undefined) throw new Error('Name the file to write with --to, and set EXCHANGE_RATES to it.');
  const latest = readRates(await readSource(from)).at(-1);
  if (latest === undefined) throw new Error(`${from} contains no rate of yen and dollars that can be read.`);
  const today = dayInTokyo(now);
  if (latest.from > today) throw new Error(`${from} has a rate of ${latest.from}, which is in the future.`);
  const rates = loadExchangeRates(existsSync(file) ? file : undefined);
  const last = rates.toSorted((one, other) => one.from.localeCompare(other.from)).at(-1);
  if (last !== undefined && last.from > latest.from) {
    write(`Nothing to do: ${file} has a rate of ${last.from}, and the source's latest is of ${latest.from}.\n`);
    return 0;
  }
  if (last !== undefined && !acceptChange && Math.abs(latest.usdJpy / last.usdJpy - 1) > largestChange) {
    throw new Error(
      `The rate of the source (${latest.usdJpy}) differs from the last one (${last.usdJpy}) by more than ${largestChange * 100}%. ` +
        'Check the source. If it is right, repeat the command with --accept-change.',
    );
  }
  const kept = rates.filter((rate) => rate.from !== latest.from);
  await replaceFile(file, {
    comment: `Yen per US dollar. Updated from ${from}`,
    checked: today,
    rates: [...kept, latest],
  });
  write(`${file}: 1 USD = ${latest.usdJpy} JPY from ${latest.from}. Restart the chat servers and the worker.\n`);
  return 0;
}

function dayInTokyo(now: Date): string {
  return new Date(now.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);
}
