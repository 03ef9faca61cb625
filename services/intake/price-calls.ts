/** Adds up tokens and yen over the model calls of a turn. */
import type { Price } from '../chat/price.ts';
import type { Usage } from '../chat/turn.ts';
import type { ExternalCall, ExternalUsage } from './external-turn.ts';

/** Null: a call did not report its tokens, or no call is known. A sum without it would be too small. */
export function usageOfCalls(calls: readonly ExternalCall[] | null): Usage | null {
  const usages = (calls ?? []).map(({ usage }) => usage);
  if (usages.length === 0) return null;
  let sum: Usage = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0, totalTokens: 0 };
  for (const each of usages) {
    if (each === null) return null;
    const usage = usageOf(each);
    sum = {
      promptTokens: sum.promptTokens + usage.promptTokens,
      cachedPromptTokens: sum.cachedPromptTokens + usage.cachedPromptTokens,
      completionTokens: sum.completionTokens + usage.completionTokens,
      totalTokens: sum.totalTokens + usage.totalTokens,
    };
  }
  return sum;
}

/** Yen by our price book, whatever the application reports. Null: a call has no price. Unpriced is not 0. */
export function priceCalls(calls: readonly ExternalCall[] | null, price: Price, at: Date): number | null {
  if (calls === null || calls.length === 0) return null;
  // In millionths, which are whole numbers, so that the sum has no rounding error.
  let millionths = 0;
  for (const { model, usage } of calls) {
    const cost = model === null ? null : price(model, usage === null ? null : usageOf(usage), at);
    if (cost === null) return null;
    millionths += Math.round(cost * 1_000_000);
  }
  return millionths / 1_000_000;
}

function usageOf({ prompt, completion, total, cached }: ExternalUsage): Usage {
  return {
    promptTokens: prompt,
    cachedPromptTokens: Math.min(prompt, cached ?? 0),
    completionTokens: completion,
    totalTokens: Math.max(total ?? 0, prompt + completion),
  };
}
