/** Calculates what an answer costs in yen. */
import type { Usage } from './turn.ts';

/** Yen to a millionth. Null: the model has no price on that day, or its usage is unknown and it is not free. Unpriced is not 0. */
export type Price = (model: string, usage: Usage | null, at: Date) => number | null;

/** US dollars per million tokens. */
export type TokenPrice = {
  readonly input: number;
  /** Absent: cached tokens cost as much as others. */
  readonly cachedInput?: number | undefined;
  readonly output: number;
};

/** @param promptTokens of the request: some models cost more above a number of them */
export type FindPrice = (model: string, at: Date, promptTokens: number) => TokenPrice | null;

/** A day, `YYYY-MM-DD`; it begins at midnight in Asia/Tokyo. */
export type Day = string;

/** To at most nine decimals. */
type ModelPrice = TokenPrice & { readonly from: Day };

/** Prices by model; of a model's prices the latest whose `from` has come holds. */
export type PriceBook = Readonly<Record<string, readonly ModelPrice[]>>;

/** Yen per US dollar, to at most six decimals, from a day on. */
export type ExchangeRate = { readonly from: Day; readonly usdJpy: number };

export const PRICE_DECIMALS = 9;
export const RATE_DECIMALS = 6;

/**
 * Calculates prices of answers.
 *
 * Calculated in integers, because in floating point 0.1 + 0.2 yen is not 0.3: tokens × price × rate is exact and rounded
 * once, half up, to a millionth of a yen. The number returned is the one closest to that, and prints with its six decimals.
 * What costs no dollars costs no yen, whether or not an exchange rate is known.
 */
export function createPrice(find: FindPrice, rates: readonly ExchangeRate[]): Price {
  const latestRates = latestFirst(rates);
  return (model, usage, at) => {
    const price = find(model, at, usage?.promptTokens ?? 0);
    if (price === null) return null;
    if (usage === null) return price.input === 0 && price.output === 0 ? 0 : null;
    const dollars = millionths(price, usage);
    if (dollars === 0n) return 0;
    const rate = current(latestRates, at);
    if (rate === undefined) return null;
    // Dollars here are in units of 10^-9 of a millionth, so of 10^-15; with the rate's 10^-6 the product is in 10^-21.
    const product = dollars * scaled(rate.usdJpy, RATE_DECIMALS);
    const perMillionth = 10n ** 15n;
    return Number((product + perMillionth / 2n) / perMillionth) / 1_000_000;
  };
}

/** Finds a model by its exact name in a book, at the prices of a day. */
export function findInBook(book: PriceBook): FindPrice {
  const models = new Map(Object.entries(book).map(([model, prices]) => [model, latestFirst(prices)]));
  return (model, at) => current(models.get(model) ?? [], at) ?? null;
}

function millionths(price: TokenPrice, usage: Usage): bigint {
  const cached = Math.min(usage.cachedPromptTokens, usage.promptTokens);
  const fresh = usage.promptTokens - cached;
  return (
    BigInt(fresh) * scaled(price.input, PRICE_DECIMALS) +
    BigInt(cached) * scaled(price.cachedInput ?? price.input, PRICE_DECIMALS) +
    BigInt(usage.completionTokens) * scaled(price.output, PRICE_DECIMALS)
  );
}

function scaled(value: number, decimals: number): bigint {
  return BigInt(Math.round(value * 10 ** decimals));
}

type Dated = { readonly from: Day };
type Held<T> = { readonly since: number; readonly entry: T };

function latestFirst<T extends Dated>(entries: readonly T[]): readonly Held<T>[] {
  return entries
    .map((entry) => ({ since: Date.parse(`${entry.from}T00:00:00+09:00`), entry }))
    .sort((a, b) => b.since - a.since);
}

function current<T>(latest: readonly Held<T>[], at: Date): T | undefined {
  return latest.find(({ since }) => since <= at.getTime())?.entry;
}
