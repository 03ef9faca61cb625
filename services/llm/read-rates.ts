/** Reads yen per US dollar from the formats in which rates are published. */
import { z } from 'zod';
import { type ExchangeRate, RATE_DECIMALS } from '../chat/price.ts';
import { parseJson } from './model-client.ts';

const day = z.iso.date();
const positive = z.coerce.number().positive();

/**
 * Understands files of our own shape, JSON with a base currency and `rates` (Frankfurter, ECB and exchange-rate services), the
 * XML and CSV files of the European Central Bank, and CSV with a day and a rate per line (FRED's DEXJPUS).
 * @returns in order of their days; empty where there is none
 */
export function readRates(text: string): readonly ExchangeRate[] {
  const json = parseJson(text.replace(/^\ufeff/, ''));
  const found = json === null ? [...ofXml(text), ...ofCsv(text)] : ofJson(json);
  return found
    .map(({ from, usdJpy }) => ({ from, usdJpy: Number(usdJpy.toFixed(RATE_DECIMALS)) }))
    .filter(({ from, usdJpy }) => day.safeParse(from).success && Number.isFinite(usdJpy) && usdJpy > 0)
    .toSorted((one, other) => one.from.localeCompare(other.from));
}

const own = z.object({ rates: z.array(z.object({ from: day, usdJpy: positive })).min(1) });
const amounts = z.record(z.string(), z.unknown());
const published = z.object({
  base: z.string().optional(),
  base_code: z.string().optional(),
  date: z.string().optional(),
  time_last_update_unix: z.number().optional(),
  timestamp: z.number().optional(),
  rates: amounts.optional(),
  conversion_rates: amounts.optional(),
});

function ofJson(json: unknown): readonly ExchangeRate[] {
  const ours = own.safeParse(json);
  if (ours.success) return ours.data.rates;
  const { data } = published.safeParse(json);
  if (data === undefined) return [];
  const base = (data.base ?? data.base_code ?? '').toUpperCase();
  const rates = data.rates ?? data.conversion_rates ?? {};
  const ofDay = (from: string, values: unknown): readonly ExchangeRate[] => {
    const parsed = amounts.safeParse(values);
    const usdJpy = parsed.success ? crossRate(base, parsed.data) : null;
    return usdJpy === null ? [] : [{ from, usdJpy }];
  };
  // A range of days has the rates of each under its date.
  if (Object.keys(rates).some((key) => day.safeParse(key).success)) {
    return Object.entries(rates).flatMap(([from, values]) => ofDay(from, values));
  }
  const seconds = data.time_last_update_unix ?? data.timestamp;
  const from =
    data.date?.slice(0, 10) ?? (seconds === undefined ? '' : new Date(seconds * 1_000).toISOString().slice(0, 10));
  return ofDay(from, rates);
}

function crossRate(base: string, values: Readonly<Record<string, unknown>>): number | null {
  const jpy = positive.safeParse(values.JPY);
  if (!jpy.success) return null;
  if (base === 'USD') return jpy.data;
  const usd = positive.safeParse(values.USD);
  return base !== '' && usd.success ? jpy.data / usd.data : null;
}

/** `<Cube time="…"><Cube currency="USD" rate="…"/><Cube currency="JPY" rate="…"/>`, in euros. */
function ofXml(text: string): readonly ExchangeRate[] {
  return text
    .split(/<Cube\s+time=/)
    .slice(1)
    .flatMap((part) => {
      const from = /^["'](\d{4}-\d{2}-\d{2})["']/.exec(part)?.[1] ?? '';
      const rates = [...part.matchAll(/currency=["']([A-Z]{3})["']\s+rate=["']([\d.]+)["']/g)];
      const usdJpy = crossRate('EUR', Object.fromEntries(rates.map(([, currency, rate]) => [currency, rate])));
      return usdJpy === null ? [] : [{ from, usdJpy }];
    });
}

/** Columns for USD and JPY in euros, or one column of yen per dollar. */
function ofCsv(text: string): readonly ExchangeRate[] {
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line.includes(','));
  const names = header.split(',').map((name) => name.trim().replaceAll('"', ''));
  const yen = names.findIndex((name) => /^(?:JPY|DEXJPUS|USD\/?JPY)$/i.test(name));
  const dollars = names.indexOf('USD');
  const isPerDollar = yen !== -1 && names[yen] !== 'JPY';
  if (yen === -1 || (dollars === -1 && !isPerDollar)) return [];
  return lines.flatMap((line) => {
    const cells = line.split(',').map((cell) => cell.trim().replaceAll('"', ''));
    const values = { JPY: cells[yen], USD: cells[dollars] };
    const usdJpy = crossRate(isPerDollar ? 'USD' : 'EUR', values);
    return usdJpy === null ? [] : [{ from: cells[0] ?? '', usdJpy }];
  });
}
