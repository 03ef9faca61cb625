import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bucketGrowth,
  type LatencyCounts,
  latencyPercentile,
  mergeLatencies,
  packLatencies,
} from './latency-histogram.ts';

const latencies = fc.array(
  fc.oneof(fc.nat({ max: 20_000 }), fc.nat(2_147_483_647), fc.constantFrom(0, 1, 2_147_483_647)),
  {
    minLength: 1,
    maxLength: 200,
  },
);
const shares = fc.constantFrom(0, 0.5, 0.95, 0.99, 1);
const bucket = fc.oneof(fc.constant('zero'), fc.integer({ min: 0, max: 1_086 }).map(String));
const most = 2 ** 32 - 1;
const answers = fc.oneof(fc.nat({ max: 70_000 }), fc.integer({ min: 0, max: most }), fc.constantFrom(0, 65_537, most));
/** Counts of a day, including `{}`, a single bucket and counts of 0. */
const day = fc.dictionary(bucket, answers, { maxKeys: 40 });

function count(values: readonly number[]): LatencyCounts {
  const counts: Record<string, number> = {};
  for (const value of values) {
    const bucket = value === 0 ? 'zero' : String(Math.ceil(Math.log(value) / Math.log(bucketGrowth)));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

function read(days: readonly LatencyCounts[], share: number): number | null {
  return latencyPercentile(mergeLatencies(days.map(packLatencies)), share);
}

/** Like PostgreSQL's percentile_cont. */
function exactly(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? 0;
  return below + (position - Math.floor(position)) * ((sorted[Math.ceil(position)] ?? 0) - below);
}

/** Calculates a percentile without packing, from the sorted midpoints of all answers' buckets. */
function plainly(days: readonly LatencyCounts[], share: number): number | null {
  const sum = new Map<number, number>();
  for (const [bucket, count] of days.flatMap((counts) => Object.entries(counts))) {
    const value = bucket === 'zero' ? 0 : (2 * bucketGrowth ** Number(bucket)) / (bucketGrowth + 1);
    sum.set(value, (sum.get(value) ?? 0) + count);
  }
  const buckets = [...sum].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const total = buckets.reduce((passed, [, count]) => passed + count, 0);
  const valueAt = (rank: number) => {
    let passed = 0;
    for (const [value, count] of buckets) {
      passed += count;
      if (rank < passed) return value;
    }
    return Number.NaN;
  };
  if (total === 0) return null;
  const position = share * (total - 1);
  const below = valueAt(Math.floor(position));
  return below + (position - Math.floor(position)) * (valueAt(Math.ceil(position)) - below);
}

test('a percentile from the buckets is within 1 % of the exact one for any latencies', () => {
  fc.assert(
    fc.property(latencies, shares, (values, share) => {
      const exact = exactly(values, share);
      expect(Math.abs((read([count(values)], share) ?? Number.NaN) - exact)).toBeLessThanOrEqual(exact * 0.01);
    }),
    { numRuns: 300 },
  );
});

test('merged days give the percentiles of all their answers', () => {
  fc.assert(
    fc.property(fc.array(latencies, { maxLength: 5 }), shares, (days, share) => {
      expect(read(days.map(count), share)).toEqual(read([count(days.flat())], share));
    }),
    { numRuns: 50 },
  );
});

test('packing is lossless: packed days have the percentiles of their counts', () => {
  fc.assert(
    fc.property(fc.array(day, { maxLength: 7 }), shares, (days, share) => {
      expect(read(days, share)).toEqual(plainly(days, share));
    }),
    { numRuns: 500 },
  );
});

test('no answers have no percentile, and days without answers add nothing', () => {
  expect([packLatencies({}), packLatencies({ zero: 0, 7: 0 }), read([], 0.95)]).toEqual([null, null, null]);
  const days = [null, packLatencies({ zero: 3, 7: 2 }), null, packLatencies({ 7: 5 })];
  expect([...mergeLatencies(days).subarray(0, 10)]).toEqual([3, 0, 0, 0, 0, 0, 0, 0, 7, 0]);
  expect(read([{ zero: 3 }], 0.95)).toBe(0);
});

test('a day is packed from its first to its last bucket', () => {
  expect(packLatencies({ zero: 3, 259: 65_537, 261: most })).toEqual(
    Uint8Array.from([0, 0, 0, 3, 0, 0, 1, 3, 0, 1, 0, 1, 0, 0, 0, 0, 255, 255, 255, 255]),
  );
  expect(packLatencies({ zero: 3 })).toEqual(Uint8Array.from([0, 0, 0, 3, 0, 0, 0, 0]));
});

test('invalid counts and bytes are rejected', () => {
  expect(() => packLatencies({ 305: most + 1 })).toThrow('invalid count 4294967296 in latency bucket 305');
  for (const count of [-1, 0.5, Number.NaN]) expect(() => packLatencies({ 305: count })).toThrow(RangeError);
  for (const name of ['1087', '-1', 'x', '0.5']) {
    expect(() => packLatencies({ [name]: 7 })).toThrow(`invalid latency bucket ${name}`);
  }
  for (const length of [0, 5, 11]) expect(() => mergeLatencies([new Uint8Array(length)])).toThrow(RangeError);
  expect(() => mergeLatencies([new TextEncoder().encode('{"7": 3}')])).toThrow('not a latency histogram');
});
