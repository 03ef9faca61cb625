/** Reads the price book and the exchange rates, ours or the operator's. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import {
  createPrice,
  type ExchangeRate,
  PRICE_DECIMALS,
  type Price,
  type PriceBook,
  RATE_DECIMALS,
} from '../chat/price.ts';
import { EXTRACTIVE } from './extractive.ts';

/** A file of prices or rates that cannot be used; the message names the file and the entry and says what to do. */
export class PriceFileError extends Error {
  override readonly name = 'PriceFileError';
}

const day = z.iso.date('a day is written YYYY-MM-DD');
const amount = (decimals: number) =>
  z
    .number()
    .nonnegative()
    .max(1_000_000)
    .refine((value) => Number(value.toFixed(decimals)) === value, `has more than ${decimals} decimals`);
const onceADay = <T extends { from: string }>(entries: readonly T[]) =>
  new Set(entries.map(({ from }) => from)).size === entries.length;

const prices = z
  .array(
    z.strictObject({
      from: day,
      input: amount(PRICE_DECIMALS),
      cachedInput: amount(PRICE_DECIMALS).optional(),
      output: amount(PRICE_DECIMALS),
    }),
  )
  .min(1)
  .refine(onceADay, 'has two prices from the same day');

/** The day on which somebody last compared the file with what is charged. */
const header = { comment: z.string().optional(), checked: day.optional() };

const bookFile = z.strictObject({ ...header, models: z.record(z.string().min(1), prices) });

const ratesFile = z.strictObject({
  ...header,
  rates: z
    .array(z.strictObject({ from: day, usdJpy: amount(RATE_DECIMALS).positive() }))
    .min(1)
    .refine(onceADay, 'has two rates from the same day'),
});

/**
 * @param file the operator's file; ours when undefined. The extractive answerer costs nothing whatever the file says.
 * @throws {PriceFileError}
 */
export function loadPriceBook(file: string | undefined): PriceBook {
  const { models } = read(file ?? ours('price-book.json'), bookFile);
  return { ...models, [EXTRACTIVE]: [{ from: '1970-01-01', input: 0, output: 0 }] };
}

/**
 * @param file the operator's file; ours when undefined
 * @throws {PriceFileError}
 */
export function loadExchangeRates(file: string | undefined): readonly ExchangeRate[] {
  return read(file ?? ours('exchange-rates.json'), ratesFile).rates;
}

type PriceFiles = {
  readonly priceBookFile: string | undefined;
  readonly exchangeRatesFile: string | undefined;
};

/** @throws {PriceFileError} */
export function loadPrice(files: PriceFiles): Price {
  return createPrice(loadPriceBook(files.priceBookFile), loadExchangeRates(files.exchangeRatesFile));
}

/**
 * The day each file was last brought up to date: the one on which it was `checked`, else the latest on which a price begins.
 * @throws {PriceFileError}
 */
export function pricesAsOf(files: PriceFiles): { readonly 'price book': Date; readonly 'exchange rates': Date } {
  const book = read(files.priceBookFile ?? ours('price-book.json'), bookFile);
  const { checked, rates } = read(files.exchangeRatesFile ?? ours('exchange-rates.json'), ratesFile);
  return {
    'price book': latest(book.checked, Object.values(book.models).flat()),
    'exchange rates': latest(checked, rates),
  };
}

function latest(checked: string | undefined, dated: readonly { readonly from: string }[]): Date {
  const last =
    checked ??
    dated
      .map(({ from }) => from)
      .toSorted()
      .at(-1) ??
    '1970-01-01';
  return new Date(`${last}T00:00:00+09:00`);
}

function ours(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function read<T>(file: string, schema: z.ZodType<T>): T {
  const { success, data, error } = schema.safeParse(parse(file));
  if (success) return data;
  const lines = error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new PriceFileError(`${file} cannot be used:\n  ${lines.join('\n  ')}\nCompare it with services/llm/*.json.`);
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    throw new PriceFileError(
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}
