/** Reads the tokens of a model call. Cached tokens are always part of the prompt's tokens, whatever the dialect counts. */
import type { ExternalUsage } from '../external-turn.ts';
import type { Attributes, Value } from './span.ts';
import { firstNumber, isFields, numberOf, unpacked } from './values.ts';

type Counts = {
  readonly prompt: number | null;
  readonly cached?: number | null;
  readonly written?: number | null;
  readonly completion: number | null;
  readonly reasoning?: number | null;
  readonly total?: number | null;
  /** Whether the prompt's number leaves cached tokens out; absent: decided by the numbers. */
  readonly excludesCached?: boolean | undefined;
};

/** Null where the prompt's or the completion's tokens are unknown: unknown is not zero. */
function usageOf(counts: Counts): ExternalUsage | null {
  const { prompt, completion } = counts;
  if (prompt === null || completion === null || prompt < 0 || completion < 0) return null;
  // A model call has a prompt: zeros are placeholders of an SDK that does not know the tokens.
  if (prompt === 0 && completion === 0) return null;
  const read = positive(counts.cached);
  const written = positive(counts.written);
  const parts = (read ?? 0) + (written ?? 0);
  // More cached tokens than tokens cannot be, so the prompt's number is of the rest. A total decides too.
  const excludes =
    counts.excludesCached ?? (parts > prompt || (parts > 0 && counts.total === prompt + completion + parts));
  const whole = Math.round(excludes ? prompt + parts : prompt);
  return {
    prompt: whole,
    completion: Math.round(completion),
    total: whole + Math.round(completion),
    cached: read === null ? null : Math.min(whole, read),
    cacheWrite: written === null ? null : Math.min(whole, written),
    reasoning: positive(counts.reasoning),
  };
}

function positive(count: number | null | undefined): number | null {
  return count === null || count === undefined ? null : Math.max(0, Math.round(count));
}

/** The first attribute that has a number, for each of the counts. */
export function usageFrom(
  attributes: Attributes,
  keys: {
    readonly prompt: readonly string[];
    readonly cached: readonly string[];
    readonly written?: readonly string[];
    readonly completion: readonly string[];
    readonly reasoning?: readonly string[];
    readonly total: readonly string[];
  },
  excludesCached?: boolean,
): ExternalUsage | null {
  return usageOf({
    prompt: firstNumber(attributes, keys.prompt),
    cached: firstNumber(attributes, keys.cached),
    written: firstNumber(attributes, keys.written ?? []),
    completion: firstNumber(attributes, keys.completion),
    reasoning: firstNumber(attributes, keys.reasoning ?? []),
    total: firstNumber(attributes, keys.total),
    excludesCached,
  });
}

/** Of an object in the words of LangChain's `usage_metadata`, MLflow's `tokenUsage` or a provider's `usage`. */
export function usageIn(value: Value | undefined): ExternalUsage | null {
  const usage = unpacked(value);
  if (!isFields(usage)) return null;
  const details =
    [usage.input_token_details, usage.prompt_tokens_details, usage.input_tokens_details].find(isFields) ?? {};
  return usageOf({
    prompt: firstNumber(usage, ['input_tokens', 'prompt_tokens', 'inputTokens', 'promptTokens', 'input']),
    cached:
      firstNumber(usage, ['cache_read_input_tokens', 'cached_tokens', 'cachedInputTokens', 'cache_read']) ??
      firstNumber(details, ['cache_read', 'cached_tokens']),
    written:
      firstNumber(usage, ['cache_creation_input_tokens', 'cache_creation']) ?? firstNumber(details, ['cache_creation']),
    completion: firstNumber(usage, [
      'output_tokens',
      'completion_tokens',
      'outputTokens',
      'completionTokens',
      'output',
    ]),
    reasoning: firstNumber(
      [usage.output_token_details, usage.completion_tokens_details, usage.output_tokens_details].find(isFields) ?? {},
      ['reasoning', 'reasoning_tokens'],
    ),
    total: firstNumber(usage, ['total_tokens', 'totalTokens', 'total']),
  });
}

/**
 * Langfuse's `usage_details`: parts of the input and of the output with names of any kind, such as `input_cached_tokens`.
 * Its SDKs take the parts out of `input` and `output`. A total shows whether a caller did so too.
 */
export function usageOfDetails(value: Value | undefined): ExternalUsage | null {
  const details = unpacked(value);
  if (!isFields(details)) return null;
  const input = firstNumber(details, ['input', 'input_tokens', 'prompt_tokens', 'promptTokens']);
  const output = firstNumber(details, ['output', 'output_tokens', 'completion_tokens', 'completionTokens']);
  if (input === null || output === null) return null;
  const parts = Object.entries(details).map(([name, part]) => ({ name, tokens: numberOf(part) ?? 0 }));
  const whole = /^(input|output|total|input_tokens|output_tokens|prompt_tokens|completion_tokens|total_tokens)$/;
  const others = parts.filter(({ name }) => !whole.test(name));
  const ofInput = sum(others.filter(({ name }) => /^(input|prompt)|cache.*input|^cache_/.test(name)));
  const ofOutput = sum(others.filter(({ name }) => /^(output|completion)/.test(name)));
  const named = (pattern: RegExp) => {
    const found = others.filter(({ name }) => pattern.test(name));
    return found.length === 0 ? null : sum(found);
  };
  const total = firstNumber(details, ['total', 'total_tokens', 'totalTokens']);
  const inputs = [input + ofInput, input];
  const outputs = [output + ofOutput, output];
  const fitting = inputs.flatMap((prompt) => outputs.map((completion) => ({ prompt, completion })));
  const chosen = fitting.find(({ prompt, completion }) => prompt + completion === total) ?? fitting[0];
  return chosen === undefined
    ? null
    : usageOf({
        ...chosen,
        cached: named(/cache(?!.*(creat|writ))/),
        written: named(/cache.*(creat|writ)/),
        reasoning: named(/reasoning/),
        excludesCached: false,
      });
}

function sum(parts: readonly { readonly tokens: number }[]): number {
  return parts.reduce((all, { tokens }) => all + tokens, 0);
}
