/**
 * Latencies counted in logarithmic buckets: days can be added up, and any percentile read with at most 1 % error.
 *
 * A sketch as in DDSketch (Masson, Rim, Lee: VLDB 2019). Bucket i holds the latencies in (γ^(i-1), γ^i] milliseconds and
 * answers for all of them with 2γ^i / (γ+1), which is off by at most (γ-1) / (γ+1) = 0.99 %.
 */

/** γ. Counts that were made with another one cannot be added to these. */
export const bucketGrowth = 1.02;

/** Count by bucket index; latencies of 0 ms are in `zero`. Absent buckets are empty. */
export type LatencyHistogram = Readonly<Record<string, number>>;

export function mergeHistograms(histograms: Iterable<LatencyHistogram | null>): LatencyHistogram {
  const sum: Record<string, number> = {};
  for (const histogram of histograms) {
    for (const [bucket, count] of Object.entries(histogram ?? {})) sum[bucket] = (sum[bucket] ?? 0) + count;
  }
  return sum;
}

/**
 * Percentile in milliseconds, interpolated between neighbouring latencies as PostgreSQL's percentile_cont does.
 * @param share 0 to 1: 0.95 for P95
 * @returns null where nothing was counted
 */
export function histogramPercentile(histogram: LatencyHistogram, share: number): number | null {
  const buckets = Object.entries(histogram)
    .map(([bucket, count]) => ({ value: midpoint(bucket), count }))
    .sort((a, b) => a.value - b.value);
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  const position = share * (total - 1);
  const below = valueAt(Math.floor(position));
  return below + (position - Math.floor(position)) * (valueAt(Math.ceil(position)) - below);

  function valueAt(rank: number): number {
    let passed = 0;
    for (const { value, count } of buckets) {
      passed += count;
      if (rank < passed) return value;
    }
    return buckets.at(-1)?.value ?? 0;
  }
}

function midpoint(bucket: string): number {
  return bucket === 'zero' ? 0 : (2 * bucketGrowth ** Number(bucket)) / (bucketGrowth + 1);
}
