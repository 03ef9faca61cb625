/** Flushes telemetry when the program ends, within a time limit. */
import { diag } from '@opentelemetry/api';
import pTimeout from 'p-timeout';

let stop: (() => Promise<void>) | null = null;

/** Called once by start-sdk.ts. */
export function stopTelemetryWith(shutdown: () => Promise<void>): void {
  stop = shutdown;
}

/** Resolves when everything was sent, could not be sent, or `limitMs` milliseconds have passed. Never rejects. */
export async function shutdownTelemetry(limitMs: number): Promise<void> {
  if (stop === null) return;
  try {
    await pTimeout(stop(), {
      milliseconds: limitMs,
      fallback: () => diag.warn(`flush timed out after ${limitMs} ms; telemetry of the last seconds is lost`),
    });
  } catch (error) {
    diag.warn(
      `flush failed; telemetry of the last seconds is lost: ${error instanceof Error ? error.message : 'unknown error'}`,
    );
  }
}
