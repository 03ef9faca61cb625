/**
 * Counts latencies in logarithmic buckets, so that days can be merged and any percentile read with at most 1 % error.
 *
 * A sketch as in DDSketch (Masson, Rim, Lee: VLDB 2019). Bucket i holds the latencies in (γ^(i-1), γ^i] milliseconds
 * and answers for all of them with 2γ^i / (γ+1), which is off by at most (γ-1) / (γ+1) = 0.99 %. A day is stored
 * packed, in big-endian words of 4 bytes: the count of 0 ms, the index of the first bucket, then the counts from the
 * first to the last bucket. Objects with a key per bucket take several times as long to read and to merge.
 */

/** γ. Histograms with another γ cannot be merged with these. */
export const bucketGrowth = 1.02;

/** Holds 2,147,483,647 ms, the largest possible latency. */
const lastBucket = 1_086;

/** Count by bucket index; latencies of 0 ms are in `zero`. Absent buckets are empty. */
export type LatencyCounts = Readonly<Record<string, number>>;

/** Answers by index: 0 ms first, then bucket 0 and up. */
type MergedLatencies = Float64Array;

/**
 * @returns null if there are no answers
 * @throws {RangeError} for an invalid bucket, and for a count that is not an integer from 0 to 2^32 - 1
 */
export function packLatencies(counts: LatencyCounts): Uint8Array | null {
  const places = new Float64Array(lastBucket + 2);
  for (const [bucket, count] of Object.entries(counts)) {
    const place = bucket === 'zero' ? 0 : Number(bucket) + 1;
    if (!(place in places) || (place === 0 && bucket !== 'zero')) {
      throw new RangeError(`invalid latency bucket ${bucket}`);
    }
    if (!Number.isInteger(count) || count < 0 || count >= 2 ** 32) {
      throw new RangeError(
        `invalid count ${count} in latency bucket ${bucket}: must be an integer from 0 to 4,294,967,295`,
      );
    }
    places[place] = count;
  }
  if (places.every((count) => count === 0)) return null;
  const counted = places.subarray(1);
  const first = Math.max(
    0,
    counted.findIndex((count) => count > 0),
  );
  const last = counted.findLastIndex((count) => count > 0);
  const packed = new DataView(new ArrayBuffer(4 * (2 + last + 1 - (last < 0 ? 0 : first))));
  packed.setUint32(0, places[0] ?? 0);
  packed.setInt32(4, first);
  for (let bucket = first; bucket <= last; bucket += 1)
    packed.setUint32(8 + 4 * (bucket - first), counted[bucket] ?? 0);
  return new Uint8Array(packed.buffer);
}

/** @throws {RangeError} for bytes that `packLatencies` did not write */
export function mergeLatencies(days: Iterable<Uint8Array | null>): MergedLatencies {
  const sum = new Float64Array(lastBucket + 2);
  for (const day of days) {
    if (day === null) continue;
    const packed = new DataView(day.buffer, day.byteOffset, day.byteLength);
    const first = packed.getInt32(4);
    const buckets = day.byteLength / 4 - 2;
    if (!Number.isInteger(buckets) || first < 0 || first + buckets - 1 > lastBucket) {
      throw new RangeError(`not a latency histogram: ${day.byteLength} bytes from bucket ${first} on`);
    }
    sum[0] = (sum[0] ?? 0) + packed.getUint32(0);
    for (let at = 0; at < buckets; at += 1) {
      const place = first + at + 1;
      sum[place] = (sum[place] ?? 0) + packed.getUint32(8 + 4 * at);
    }
  }
  return sum;
}

/**
 * Calculates a percentile in milliseconds, interpolated as PostgreSQL's percentile_cont does.
 * @param share 0 to 1: 0.95 for P95
 * @returns null if there are no answers
 */
export function latencyPercentile(merged: MergedLatencies, share: number): number | null {
  const total = merged.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const position = share * (total - 1);
  const below = valueAt(Math.floor(position));
  return below + (position - Math.floor(position)) * (valueAt(Math.ceil(position)) - below);

  function valueAt(rank: number): number {
    let passed = 0;
    return midpoint(
      merged.findIndex((count) => {
        passed += count;
        return rank < passed;
      }),
    );
  }
}

/** Counts the latencies above a bound, each by the midpoint of its bucket. */
export function countAbove(merged: MergedLatencies, boundMs: number): { readonly above: number; readonly all: number } {
  let above = 0;
  let all = 0;
  merged.forEach((count, place) => {
    all += count;
    if (midpoint(place) > boundMs) above += count;
  });
  return { above, all };
}

function midpoint(place: number): number {
  return place === 0 ? 0 : (2 * bucketGrowth ** (place - 1)) / (bucketGrowth + 1);
}
