/** Reads how many tokens a server says it used. */
import { z } from 'zod';
import type { Usage } from '../chat/turn.ts';

const count = z.number().int().nonnegative();
const told = z.object({
  // No prompt is empty: a 0 here is a server that does not count.
  prompt_tokens: count.positive(),
  completion_tokens: count,
  total_tokens: count.optional(),
  prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
});

/** Null where the server did not tell, or told what cannot be: an answer is then unpriced rather than free. */
export function usageOf(usage: unknown): Usage | null {
  const { success, data } = told.safeParse(usage);
  if (!success) return null;
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = data;
  return {
    promptTokens,
    cachedPromptTokens: Math.min(promptTokens, data.prompt_tokens_details?.cached_tokens ?? 0),
    completionTokens,
    totalTokens: data.total_tokens ?? promptTokens + completionTokens,
  };
}
