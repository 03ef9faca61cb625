import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { updatePrices, waitForUpdate } from '@pydantic/genai-prices';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadExchangeRates, loadFindPrice, pricesAsOf } from '../../llm/load-prices.ts';
import { runShowPrice, runUpdatePrices } from './prices.ts';
import { runUpdateRates } from './rates.ts';

const directory = mkdtempSync(join(tmpdir(), 'update-'));
const now = new Date('2026-11-30T03:00:00Z');
let served = '';
const server = createServer((req, res) => {
  res.writeHead(req.url === '/missing' ? 404 : 200).end(served);
});
let url: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
// Prices are the state of a process that other test files share.
const bundled = await waitForUpdate();
afterAll(() => {
  updatePrices(({ setProviderData }) => setProviderData(bundled));
  vi.resetModules();
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true });
});

const dollars = (date: string, jpy: number) => JSON.stringify({ base: 'USD', date, rates: { JPY: jpy } });

async function updateRates(flags: { from: string; to?: string; acceptChange?: boolean }, exchangeRatesFile?: string) {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  const code = await runUpdateRates(flags, { exchangeRatesFile, now, write });
  return { code, written };
}

test('the latest rate of a URL or a file is added to the file of the operator, or to a copy of the shipped one', async () => {
  const file = join(directory, 'rates.json');
  served = dollars('2026-11-27', 156.2);
  expect(await updateRates({ from: url }, file)).toMatchObject({ code: 0, written: expect.stringContaining('156.2') });
  expect(loadExchangeRates(file)).toEqual([...loadExchangeRates(undefined), { from: '2026-11-27', usdJpy: 156.2 }]);
  const source = join(directory, 'source.json');
  writeFileSync(source, dollars('2026-11-27', 156.4));
  await updateRates({ from: source, to: file });
  expect(loadExchangeRates(file).at(-1)).toEqual({ from: '2026-11-27', usdJpy: 156.4 });
  expect(JSON.parse(readFileSync(file, 'utf8')).checked).toBe('2026-11-30');
});

test('an older rate changes nothing, and an implausible one needs a flag', async () => {
  const file = join(directory, 'guarded.json');
  served = dollars('2026-11-27', 156.2);
  await updateRates({ from: url, to: file });
  const before = readFileSync(file, 'utf8');
  served = dollars('2026-11-20', 150);
  expect((await updateRates({ from: url, to: file })).written).toContain('Nothing to do');
  served = dollars('2026-11-28', 1.16);
  await expect(updateRates({ from: url, to: file })).rejects.toThrow(/differs from the last one \(156\.2\)/);
  served = dollars('2031-01-01', 156);
  await expect(updateRates({ from: url, to: file })).rejects.toThrow(/in the future/);
  expect(readFileSync(file, 'utf8')).toBe(before);
  served = dollars('2026-11-28', 100);
  expect((await updateRates({ from: url, to: file, acceptChange: true })).code).toBe(0);
});

test('a source that cannot be used is named, and nothing is written', async () => {
  const file = join(directory, 'none.json');
  served = '<html>';
  await expect(updateRates({ from: url, to: file })).rejects.toThrow(/contains no rate/);
  await expect(updateRates({ from: `${url}/missing`, to: file })).rejects.toThrow(/answered 404/);
  await expect(updateRates({ from: join(directory, 'nowhere'), to: file })).rejects.toThrow(/cannot be read/);
  await expect(updateRates({ from: url })).rejects.toThrow(/EXCHANGE_RATES/);
  expect(existsSync(file)).toBe(false);
});

test('newer list prices are fetched, used and shown with their day', async () => {
  const file = join(directory, 'prices.json');
  const model = { id: 'brand-new', match: { equals: 'brand-new' }, prices: { input_mtok: 7, output_mtok: 11 } };
  const provider = (id: string) => ({ id, name: id, api_pattern: id, models: [{ ...model, id: `${id}-model` }] });
  const ten = Array.from({ length: 10 }, (_, index) => provider(`p${index}`));
  const files = { priceBookFile: undefined, exchangeRatesFile: undefined, priceFallbackModel: undefined };
  const update = async () => {
    const write = () => {};
    return runUpdatePrices({ from: url, to: file }, { priceDataFile: undefined, now, write });
  };
  served = JSON.stringify(ten.slice(0, 3));
  await expect(update()).rejects.toThrow(/not the data of genai-prices/);
  served = '[[[';
  await expect(update()).rejects.toThrow(/not the data of genai-prices/);
  expect(existsSync(file)).toBe(false);
  served = JSON.stringify([...ten, { ...provider('openai'), model_match: { starts_with: 'brand' }, models: [model] }]);
  expect(await update()).toBe(0);
  const config = { ...files, priceDataFile: file };
  expect(loadFindPrice(config)('brand-new', now, 0)).toMatchObject({ price: { input: 7, output: 11 } });
  expect(pricesAsOf(config)['price book']).toEqual(new Date('2026-11-29T15:00:00Z'));
  let shown = '';
  runShowPrice('brand-new', config, {
    now,
    write: (text) => {
      shown += text;
    },
  });
  expect(shown).toContain('genai-prices of 2026-11-30 (PRICE_DATA): openai: brand-new');
  writeFileSync(file, '{"asOf":"2026-11-30","providers":[{"id":"x"}]}');
  expect(() => loadFindPrice(config)).toThrow(/providers\.0\.models/);
});
