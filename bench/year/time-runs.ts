/** Measures the median time of several runs. */
import { quantile } from '../retrieval-metrics.ts';

/** @returns the median in milliseconds, after one warm-up run */
export async function medianMs(runs: number, once: () => Promise<unknown>): Promise<number> {
  await once();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const startedAt = performance.now();
    await once();
    times.push(performance.now() - startedAt);
  }
  return quantile(times, 0.5);
}
