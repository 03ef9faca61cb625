/** Recognises that an SDK truncated long attributes, which OpenTelemetry does without a count. */
import type { Span, Value } from './span.ts';

const shortestLimit = 32;

/**
 * The limit of the SDK (`OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`) in UTF-16 units; null where nothing was truncated. Two values of
 * exactly the same length, and none longer, are no coincidence: values that were repeated as they are count once.
 */
export function lengthLimitOf(spans: readonly Span[]): number | null {
  const byLength = new Map<number, Set<string>>();
  let longest = 0;
  for (const span of spans) {
    for (const value of Object.values(span.attributes)) {
      for (const text of textsOf(value)) {
        if (text.length < Math.max(shortestLimit, longest)) continue;
        longest = text.length;
        byLength.set(longest, (byLength.get(longest) ?? new Set()).add(text));
      }
    }
  }
  const atLimit = byLength.get(longest) ?? new Set();
  const cut = [...atLimit].filter((text) => isCut(text));
  return atLimit.size >= 2 && cut.length >= 2 ? longest : null;
}

function textsOf(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** JSON that does not end, or text that stops within a sentence. */
function isCut(text: string): boolean {
  if (/^\s*[[{"]/.test(text)) {
    try {
      JSON.parse(text);
      return false;
    } catch {
      return true;
    }
  }
  return !/[.!?。！？\]\s)」]$/.test(text);
}
