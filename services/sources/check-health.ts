/** Runs the health check of a source. */
import type { Health } from '../provenance/source.ts';
import { reasonOf } from './ingest/ingest-items.ts';
import type { OpenSource } from './open-source.ts';
import { withTimeout } from './plugin-timeout.ts';

/** Milliseconds. */
const timeoutMs = 60_000;

/**
 * Returns errors as the status `down` and throws only if the signal is aborted. For a plugin without a health check, lists the first item.
 * @param open throws if the row cannot be used
 * @param clock milliseconds, monotonic
 */
export async function checkHealth(
  open: () => Promise<OpenSource>,
  { clock, signal }: { clock: () => number; signal: AbortSignal },
): Promise<Health> {
  const start = clock();
  const after = () => Math.round(clock() - start);
  let source: OpenSource | undefined;
  try {
    source = await open();
    const result = await withTimeout(probe(source), timeoutMs, signal);
    const error = result === undefined ? null : result.degraded;
    return { status: error === null ? 'healthy' : 'degraded', latencyMs: after(), error };
  } catch (error) {
    signal.throwIfAborted();
    return { status: 'down', latencyMs: after(), error: reasonOf(error).slice(0, 500) };
  } finally {
    await source?.close();
  }
}

async function probe({ plugin, context }: OpenSource): Promise<{ readonly degraded: string } | undefined> {
  if (plugin.health) return plugin.health(context);
  const listing = plugin.list?.(context, null);
  await listing?.next();
  // Not awaited: a listing that hangs would delay the check.
  const stop = async () => listing?.return({ cursor: null, covers: 'none' });
  stop().catch(() => {});
  return undefined;
}
