import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketGrowth, histogramPercentile, type LatencyHistogram, mergeHistograms } from './latency-histogram.ts';

const latencies = fc.array(fc.oneof(fc.nat({ max: 20_000 }), fc.nat(2_147_483_647)), { minLength: 1, maxLength: 200 });
const shares = fc.constantFrom(0, 0.5, 0.95, 0.99, 1);

function count(values: readonly number[]): LatencyHistogram {
  const counts: Record<string, number> = {};
  for (const value of values) {
    const bucket = value === 0 ? 'zero' : String(Math.ceil(Math.log(value) / Math.log(bucketGrowth)));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

/** As PostgreSQL's percentile_cont. */
function exactly(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? 0;
  return below + (position - Math.floor(position)) * ((sorted[Math.ceil(position)] ?? 0) - below);
}

test('a percentile read from the buckets is within 1 % of the exact one, whatever the latencies', () => {
  fc.assert(
    fc.property(latencies, shares, (values, share) => {
      const exact = exactly(values, share);
      const read = histogramPercentile(count(values), share) ?? Number.NaN;
      expect(Math.abs(read - exact)).toBeLessThanOrEqual(exact * 0.01);
    }),
    { numRuns: 300 },
  );
});

test('days that are added up give the percentiles of all their answers together', () => {
  fc.assert(
    fc.property(fc.array(latencies, { maxLength: 5 }), (days) => {
      expect(mergeHistograms(days.map(count))).toEqual(count(days.flat()));
    }),
    { numRuns: 50 },
  );
});

test('nothing counted has no percentile, and days without answers add nothing', () => {
  expect(histogramPercentile({}, 0.95)).toBeNull();
  expect(mergeHistograms([null, { zero: 3, 7: 2 }, null, { 7: 5 }])).toEqual({ zero: 3, 7: 7 });
  expect(histogramPercentile({ zero: 3 }, 0.95)).toBe(0);
});
