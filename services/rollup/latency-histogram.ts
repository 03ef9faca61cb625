/**
 * Latencies counted in logarithmic buckets: days can be added up, and any percentile read with at most 1 % error.
 *
 * A sketch as in DDSketch (Masson, Rim, Lee: VLDB 2019). Bucket i holds the latencies in (γ^(i-1), γ^i] milliseconds and
 * answers for all of them with 2γ^i / (γ+1), which is off by at most (γ-1) / (γ+1) = 0.99 %.
 *
 * A day is kept packed, in big-endian words of 4 bytes: the count of 0 ms, the index of the first bucket, the counts of it
 * and of all up to the last one. Objects with a key for each bucket take several times as long to read and to add up.
 */

/** γ. Counts that were made with another one cannot be added to these. */
export const bucketGrowth = 1.02;

/** It holds 2,147,483,647 ms, the most that a latency can be. */
const lastBucket = 1_086;

/** Count by bucket index; latencies of 0 ms are in `zero`. Absent buckets are empty. */
export type LatencyCounts = Readonly<Record<string, number>>;

/** Answers by place: 0 ms first, then bucket 0 and on. */
type MergedLatencies = Float64Array;

/**
 * @returns null where nothing was counted
 * @throws {RangeError} for a bucket that no latency falls into, and for a count that is none or takes more than 4 bytes
 */
export function packLatencies(counts: LatencyCounts): Uint8Array | null {
  const places = new Float64Array(lastBucket + 2);
  for (const [bucket, count] of Object.entries(counts)) {
    const place = bucket === 'zero' ? 0 : Number(bucket) + 1;
    if (!(place in places) || (place === 0 && bucket !== 'zero')) {
      throw new RangeError(`no latency falls into the bucket ${bucket}`);
    }
    if (!Number.isInteger(count) || count < 0 || count >= 2 ** 32) {
      throw new RangeError(
        `${count} answers in the bucket ${bucket} cannot be kept: a count is from 0 to 4,294,967,295`,
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

/** @throws {RangeError} for what `packLatencies` did not make */
export function mergeLatencies(days: Iterable<Uint8Array | null>): MergedLatencies {
  const sum = new Float64Array(lastBucket + 2);
  for (const day of days) {
    if (day === null) continue;
    const packed = new DataView(day.buffer, day.byteOffset, day.byteLength);
    const first = packed.getInt32(4);
    const buckets = day.byteLength / 4 - 2;
    if (!Number.isInteger(buckets) || first < 0 || first + buckets - 1 > lastBucket) {
      throw new RangeError(`${day.byteLength} bytes from bucket ${first} on are no latency histogram`);
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
 * Percentile in milliseconds, interpolated between neighbouring latencies as PostgreSQL's percentile_cont does.
 * @param share 0 to 1: 0.95 for P95
 * @returns null where nothing was counted
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

/** How many of the latencies lie beyond a bound, where each counts as what its bucket answers with. */
export function countBeyond(
  merged: MergedLatencies,
  boundMs: number,
): { readonly beyond: number; readonly all: number } {
  let beyond = 0;
  let all = 0;
  merged.forEach((count, place) => {
    all += count;
    if (midpoint(place) > boundMs) beyond += count;
  });
  return { beyond, all };
}

function midpoint(place: number): number {
  return place === 0 ? 0 : (2 * bucketGrowth ** (place - 1)) / (bucketGrowth + 1);
}
