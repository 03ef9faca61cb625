/** Sends what telemetry still holds when the program ends, for no longer than it is given. */
import { diag } from '@opentelemetry/api';

let stop: (() => Promise<void>) | null = null;

/** Called once by start-sdk.ts. */
export function stopTelemetryWith(shutdown: () => Promise<void>): void {
  stop = shutdown;
}

/** Resolves when everything was sent, could not be sent, or `limitMs` milliseconds have passed. Never rejects. */
export async function shutdownTelemetry(limitMs: number): Promise<void> {
  if (stop === null) return;
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(resolve, limitMs, 'late');
  try {
    const end = await Promise.race([stop(), late]);
    if (end === 'late') diag.warn(`not sent within ${limitMs} ms; the last seconds are lost`);
  } catch (error) {
    diag.warn(`the last seconds could not be sent: ${error instanceof Error ? error.message : 'unknown error'}`);
  } finally {
    clearTimeout(timer);
  }
}
