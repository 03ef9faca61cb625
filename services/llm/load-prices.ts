/** Reads prices of models and exchange rates, and finds the price of a name. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import {
  createPrice,
  type ExchangeRate,
  findInBook,
  PRICE_DECIMALS,
  type Price,
  type PriceBook,
  RATE_DECIMALS,
  type TokenPrice,
} from '../chat/price.ts';
import { EXTRACTIVE } from './extractive.ts';
import { type FieldPriceData, fieldPricesInUse, findFieldPrice, useFieldPrices } from './field-prices.ts';
import { spellingsOf } from './model-names.ts';

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

/** `checked`: the day on which the file was last compared with what is charged. */
const header = { comment: z.string().optional(), checked: day.optional() };

const bookFile = z.strictObject({
  ...header,
  models: z.record(z.string().min(1), prices).default({}),
  /** "This deployment costs what that model costs." */
  aliases: z.record(z.string().min(1), z.string().min(1)).default({}),
});

/** The shape of @pydantic/genai-prices, which checks the rest itself. */
const priceData = z.object({
  asOf: day,
  providers: z.array(z.looseObject({ id: z.string(), models: z.array(z.looseObject({ id: z.string() })) })).min(1),
}) as unknown as z.ZodType<FieldPriceData>;

const ratesFile = z.strictObject({
  ...header,
  rates: z
    .array(z.strictObject({ from: day, usdJpy: amount(RATE_DECIMALS).positive() }))
    .min(1)
    .refine(onceADay, 'has two rates from the same day'),
});

/** Where a price comes from, for operators. */
export type FoundPrice = {
  readonly price: TokenPrice;
  readonly origin: 'your price book' | 'shipped price book' | 'genai-prices' | 'fallback';
  /** The name under which the price was found. */
  readonly name: string;
};

export type FindModelPrice = (model: string, at: Date, promptTokens: number) => FoundPrice | null;

type PriceFiles = {
  /** Newer data of genai-prices. It is used by the whole process. */
  readonly priceDataFile?: string | undefined;
  /** Adds to the shipped book; its entries and aliases come first. */
  readonly priceBookFile: string | undefined;
  readonly exchangeRatesFile: string | undefined;
  /** The model whose price applies to names without one. */
  readonly priceFallbackModel: string | undefined;
};

/**
 * Looks a name up in the operator's book, the shipped one and the data of genai-prices, in each by its exact spelling first and
 * then normalised. The extractive generator costs nothing, whatever the files say.
 * @throws {PriceFileError}
 */
export function loadFindPrice({
  priceDataFile,
  priceBookFile,
  priceFallbackModel,
}: Omit<PriceFiles, 'exchangeRatesFile'>): FindModelPrice {
  if (priceDataFile !== undefined) usePriceData(priceDataFile);
  const own = priceBookFile === undefined ? { models: {}, aliases: {} } : read(priceBookFile, bookFile);
  const aliases = new Map(Object.entries(own.aliases).map(([alias, name]) => [alias.toLowerCase(), name]));
  const free = findInBook({ [EXTRACTIVE]: [{ from: '1970-01-01', input: 0, output: 0 }] });
  const books = [
    { origin: 'your price book', find: findInBook(lowerCase(own.models)) },
    { origin: 'shipped price book', find: findInBook(lowerCase(read(ours('price-book.json'), bookFile).models)) },
  ] as const;

  const lookUp: FindModelPrice = (model, at, promptTokens) => {
    const extractive = free(model, at, promptTokens);
    if (extractive !== null) return { price: extractive, origin: 'shipped price book', name: model };
    const spellings = spellingsOf(model);
    const alias = spellings.map((name) => aliases.get(name)).find((name) => name !== undefined);
    const names = alias === undefined ? spellings : spellingsOf(alias);
    for (const { origin, find } of books) {
      for (const name of names) {
        const price = find(name, at, promptTokens);
        if (price !== null) return { price, origin, name };
      }
    }
    const found = findFieldPrice(names, at, promptTokens);
    if (found !== null)
      return { price: found.price, origin: 'genai-prices', name: `${found.provider}: ${found.model}` };
    return null;
  };
  return (model, at, promptTokens) => {
    const found = lookUp(model, at, promptTokens);
    if (found !== null || priceFallbackModel === undefined) return found;
    const fallback = lookUp(priceFallbackModel, at, promptTokens);
    return fallback && { ...fallback, origin: 'fallback' };
  };
}

function usePriceData(file: string): void {
  try {
    useFieldPrices(read(file, priceData));
  } catch (error) {
    if (error instanceof PriceFileError) throw error;
    throw new PriceFileError(`${file} cannot be used: run \`cli -- prices update\` again, or unset PRICE_DATA`, {
      cause: error,
    });
  }
}

function lowerCase(models: PriceBook): PriceBook {
  return Object.fromEntries(Object.entries(models).map(([name, entries]) => [name.toLowerCase(), entries]));
}

/**
 * @param file the operator's file; ours when undefined
 * @throws {PriceFileError}
 */
export function loadExchangeRates(file: string | undefined): readonly ExchangeRate[] {
  return read(file ?? ours('exchange-rates.json'), ratesFile).rates;
}

/** @throws {PriceFileError} */
export function loadPrice(files: PriceFiles): Price {
  const find = loadFindPrice(files);
  const rates = loadExchangeRates(files.exchangeRatesFile);
  return createPrice((model, at, promptTokens) => find(model, at, promptTokens)?.price ?? null, rates);
}

/**
 * The day on which prices and rates were last brought up to date: the day they were `checked`, else the latest on which a price
 * or a rate begins. The shipped prices are as new as the newer of our book and genai-prices. An operator's book with prices or a
 * `checked` day is as old as it says itself, so that shipped prices do not hide its age.
 * @throws {PriceFileError}
 */
export function pricesAsOf(files: Omit<PriceFiles, 'priceFallbackModel'>): {
  readonly 'price book': Date;
  readonly 'exchange rates': Date;
} {
  if (files.priceDataFile !== undefined) usePriceData(files.priceDataFile);
  const book = files.priceBookFile === undefined ? null : read(files.priceBookFile, bookFile);
  const { checked, rates } = read(files.exchangeRatesFile ?? ours('exchange-rates.json'), ratesFile);
  return {
    'price book':
      book !== null && isDated(book) ? latest(book.checked, Object.values(book.models).flat()) : shippedAsOf(),
    'exchange rates': latest(checked, rates),
  };
}

/**
 * Whose statement the day of {@link pricesAsOf} is: `own` is the operator's, in a file or by `cli -- prices update`.
 * @throws {PriceFileError}
 */
export function priceOrigins(files: Omit<PriceFiles, 'priceFallbackModel'>): Readonly<Record<PriceKind, PriceOrigin>> {
  const book = files.priceBookFile === undefined ? null : read(files.priceBookFile, bookFile);
  const isOwn = files.priceDataFile !== undefined || (book !== null && isDated(book));
  return {
    'price book': isOwn ? 'own' : 'shipped',
    'exchange rates': files.exchangeRatesFile === undefined ? 'shipped' : 'own',
  };
}

type PriceKind = 'price book' | 'exchange rates';
type PriceOrigin = 'shipped' | 'own';

function isDated({ checked, models }: z.output<typeof bookFile>): boolean {
  return checked !== undefined || Object.keys(models).length > 0;
}

function shippedAsOf(): Date {
  const book = read(ours('price-book.json'), bookFile);
  const own = latest(book.checked, Object.values(book.models).flat());
  return new Date(Math.max(own.getTime(), latest(fieldPricesInUse().asOf, []).getTime()));
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
