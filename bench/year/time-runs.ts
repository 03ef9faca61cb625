/** Times something several times in a row. */
import { quantile } from '../retrieval-measures.ts';

/** @returns the median in milliseconds; one run before is not counted */
export async function medianMs(runs: number, once: () => Promise<unknown>): Promise<number> {
  await once();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const begun = performance.now();
    await once();
    times.push(performance.now() - begun);
  }
  return quantile(times, 0.5);
}
