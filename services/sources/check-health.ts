/** Asks a source how it is. */
import type { Health } from '../provenance/source.ts';
import { reasonOf } from './ingest/ingest-items.ts';
import type { OpenSource } from './open-source.ts';
import { withTimeout } from './plugin-timeout.ts';

/** Milliseconds. */
const timeoutMs = 60_000;

/**
 * Never throws, unless told to end: what goes wrong is the answer. A plugin without a check of its own is asked for its first item.
 * @param open throws where the row cannot be used
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
    const said = await withTimeout(ask(source), timeoutMs, signal);
    const error = said === undefined ? null : said.degraded;
    return { status: error === null ? 'healthy' : 'degraded', latencyMs: after(), error };
  } catch (error) {
    signal.throwIfAborted();
    return { status: 'down', latencyMs: after(), error: reasonOf(error).slice(0, 500) };
  } finally {
    await source?.close();
  }
}

async function ask({ plugin, context }: OpenSource): Promise<{ readonly degraded: string } | undefined> {
  if (plugin.health) return plugin.health(context);
  const listing = plugin.list?.(context, null);
  await listing?.next();
  // Not waited for: a listing that is stuck would hold the check up.
  const leave = async () => listing?.return({ cursor: null, covers: 'none' });
  leave().catch(() => {});
  return undefined;
}
