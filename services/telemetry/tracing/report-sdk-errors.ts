/** Reports errors of the OpenTelemetry SDK: one line each, and the same line at most once a minute. */
import type { DiagLogger } from '@opentelemetry/api';

const silenceMs = 60_000;
const longest = 300;

/**
 * @param write receives one line, without a line break
 * @param clock milliseconds, monotonic
 */
export function reportSdkErrors(write: (line: string) => void, clock: () => number): DiagLogger {
  const reportedAt = new Map<string, number>();
  const report = (message: string) => {
    const line = `telemetry: ${messageOf(message).replace(/\s+/g, ' ').slice(0, longest)}`;
    const last = reportedAt.get(line);
    if (last !== undefined && clock() - last < silenceMs) return;
    if (reportedAt.size >= 100) reportedAt.clear();
    reportedAt.set(line, clock());
    write(line);
  };
  const nothing = () => {};
  return { error: report, warn: report, info: nothing, debug: nothing, verbose: nothing };
}

/** The SDK hands over errors as JSON, with their stack; the rest of the arguments, which may hold log lines, is left out. */
function messageOf(value: unknown): string {
  if (value instanceof Error) return value.message;
  try {
    const { message } = JSON.parse(String(value)) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Not JSON: a sentence.
  }
  return String(value);
}
