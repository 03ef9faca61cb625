/** Finds list prices in the data of @pydantic/genai-prices (MIT), which is bundled. Nothing is fetched unless an operator updates it. */
import { calcPrice, findProvider, type Provider, updatePrices } from '@pydantic/genai-prices';
import type { TokenPrice } from '../chat/price.ts';

export { REMOTE_DATA_JSON_URL } from '@pydantic/genai-prices';

/** The day of the bundled data: the release of the package. A test compares the version. */
export const FIELD_PRICES = { version: '0.1.8', asOf: '2026-09-23' } as const;

export type FieldPrice = { readonly provider: string; readonly model: string; readonly price: TokenPrice };

/** The makers first, whose list prices others follow; then those who run open models, OpenRouter last: it lists nearly all. */
const providers = [
  'openai',
  'anthropic',
  'google',
  'mistral',
  'deepseek',
  'x-ai',
  'cohere',
  'moonshotai',
  'minimax',
  'perplexity',
  'zai',
  'aws',
  'azure',
  'groq',
  'together',
  'fireworks',
  'cerebras',
  'novita',
  'huggingface_cerebras',
  'avian',
] as const;

/** Newer data of the same maker, as `cli -- prices update` writes it. */
export type FieldPriceData = { readonly asOf: string; readonly providers: readonly Provider[] };

let newer: string | null = null;

/**
 * Replaces the bundled data in this process.
 * @throws {Error} for data of another shape; the data in use stays
 */
export function useFieldPrices({ asOf, providers }: FieldPriceData): void {
  updatePrices(({ setProviderData }) => setProviderData([...providers]));
  newer = asOf;
  routed = undefined;
}

/** The data in use, for operators, and its day. */
export function fieldPricesInUse(): { readonly name: string; readonly asOf: string } {
  if (newer !== null) return { name: `genai-prices of ${newer} (PRICE_DATA)`, asOf: newer };
  return { name: `genai-prices ${FIELD_PRICES.version} of ${FIELD_PRICES.asOf}`, asOf: FIELD_PRICES.asOf };
}

/** OpenRouter's names without their vendor. */
let routed: ReadonlyMap<string, string> | undefined;

/**
 * @param spellings names to try, the closest first
 * @param promptTokens decides the tier, where a model has tiers
 */
export function findFieldPrice(spellings: readonly string[], at: Date, promptTokens: number): FieldPrice | null {
  routed ??= new Map(
    (findProvider({ providerId: 'openrouter' })?.models ?? [])
      .filter(({ id }) => id.includes('/') && !id.includes(':'))
      .map(({ id }) => [id.slice(id.indexOf('/') + 1), id]),
  );
  for (const name of spellings) {
    if (name.includes('/')) {
      const found = priceOf(name, 'openrouter', at, promptTokens);
      if (found !== null) return found;
      continue;
    }
    for (const provider of [undefined, ...providers]) {
      const found = priceOf(name, provider, at, promptTokens);
      if (found !== null) return found;
    }
    const id = routed.get(name);
    const found = id === undefined ? null : priceOf(id, 'openrouter', at, promptTokens);
    if (found !== null) return found;
  }
  return null;
}

function priceOf(
  model: string,
  providerId: string | undefined,
  timestamp: Date,
  promptTokens: number,
): FieldPrice | null {
  const options = { timestamp, ...(providerId !== undefined && { providerId }) };
  const found = calcPrice({ input_tokens: promptTokens, output_tokens: 1 }, model, options);
  if (found === null) return null;
  const { input_mtok, cache_read_mtok, output_mtok } = found.model_price;
  const input = unitPrice(input_mtok, promptTokens);
  const output = unitPrice(output_mtok, promptTokens);
  if (input === null || output === null) return null;
  const cachedInput = unitPrice(cache_read_mtok, promptTokens);
  const price = { input, output, ...(cachedInput !== null && { cachedInput }) };
  return { provider: found.provider.id, model: found.model.id, price };
}

type Tiered = { readonly base: number; readonly tiers: readonly { readonly start: number; readonly price: number }[] };

function unitPrice(price: number | Tiered | undefined, promptTokens: number): number | null {
  if (price === undefined) return null;
  if (typeof price === 'number') return price;
  return price.tiers.reduce((reached, tier) => (promptTokens > tier.start ? tier.price : reached), price.base);
}
