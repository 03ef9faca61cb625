/** Tells troubles of the telemetry itself: one line each, and the same line once a minute, however often it happens. */
import type { DiagLogger } from '@opentelemetry/api';

const silenceMs = 60_000;
const longest = 300;

/**
 * @param write is given one line, without a line break
 * @param clock milliseconds, monotonic
 */
export function tellTroubles(write: (line: string) => void, clock: () => number): DiagLogger {
  const told = new Map<string, number>();
  const tell = (trouble: string) => {
    const line = `telemetry: ${messageOf(trouble).replace(/\s+/g, ' ').slice(0, longest)}`;
    const last = told.get(line);
    if (last !== undefined && clock() - last < silenceMs) return;
    if (told.size >= 100) told.clear();
    told.set(line, clock());
    write(line);
  };
  const nothing = () => {};
  return { error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing };
}

/** The SDK hands over errors as JSON, with their stack; the rest of the arguments, which may hold log lines, is left out. */
function messageOf(trouble: unknown): string {
  if (trouble instanceof Error) return trouble.message;
  try {
    const { message } = JSON.parse(String(trouble)) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Not JSON: a sentence.
  }
  return String(trouble);
}
