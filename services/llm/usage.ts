/** Reads how many tokens a server reports, in the places and words of the field. */
import type { Usage } from '../chat/turn.ts';
import { isFields } from './read-completion.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Of an event of a stream or of a whole completion; null where it reports none, so that an answer is unpriced rather than free. */
export function usageOf(event: Fields): Usage | null {
  const choice: unknown = Array.isArray(event.choices) ? event.choices[0] : null;
  const places = [
    event.usage,
    isFields(event.x_groq) ? event.x_groq.usage : null,
    isFields(choice) ? choice.usage : null,
    isFields(choice) && isFields(choice.message) ? choice.message.usage : null,
    event.usageMetadata,
    event.usage_metadata,
  ];
  for (const place of places) {
    const usage = isFields(place) ? readUsage(place) : null;
    if (usage !== null) return usage;
  }
  return isFields(event.timings) ? readTimings(event.timings) : null;
}

function readUsage(usage: Fields): Usage | null {
  const details =
    [usage.prompt_tokens_details, usage.input_tokens_details, usage.promptTokensDetails].find(isFields) ?? {};
  const separatelyCached = count(usage.cache_read_input_tokens);
  let prompt = count(usage.prompt_tokens, usage.promptTokens, usage.promptTokenCount);
  // Anthropic's input_tokens are those that no cache has held.
  const input = count(usage.input_tokens, usage.inputTokens);
  if (prompt === null && input !== null)
    prompt = input + (separatelyCached ?? 0) + (count(usage.cache_creation_input_tokens) ?? 0);
  const total = count(usage.total_tokens, usage.totalTokens, usage.totalTokenCount);
  const written = count(
    usage.completion_tokens,
    usage.completionTokens,
    usage.output_tokens,
    usage.outputTokens,
    usage.candidatesTokenCount,
  );
  // No prompt is empty: a 0 is a server that does not count.
  if (prompt === null || prompt === 0 || (written === null && total === null)) return null;
  // Some servers leave thoughts out of the completion's tokens: then the total is larger than the sum.
  const completion = Math.max(written ?? 0, (total ?? 0) - prompt);
  const cached =
    count(
      details.cached_tokens,
      details.cachedTokens,
      usage.prompt_cache_hit_tokens,
      usage.cached_tokens,
      usage.cachedPromptTokens,
      usage.cachedContentTokenCount,
      usage.num_cached_tokens,
    ) ??
    separatelyCached ??
    0;
  return {
    promptTokens: prompt,
    cachedPromptTokens: Math.min(prompt, cached),
    completionTokens: completion,
    totalTokens: Math.max(total ?? 0, prompt + completion),
  };
}

/** llama.cpp's: `prompt_n` are those that it read anew. */
function readTimings(timings: Fields): Usage | null {
  const fresh = count(timings.prompt_n);
  const completion = count(timings.predicted_n);
  if (fresh === null || completion === null) return null;
  const cached = count(timings.cache_n) ?? 0;
  const prompt = fresh + cached;
  if (prompt === 0) return null;
  return {
    promptTokens: prompt,
    cachedPromptTokens: cached,
    completionTokens: completion,
    totalTokens: prompt + completion,
  };
}

/** The first of the values that is a number of tokens. */
function count(...values: readonly unknown[]): number | null {
  for (const value of values) {
    const number = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number) && number >= 0) return Math.round(number);
  }
  return null;
}
