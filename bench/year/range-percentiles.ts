/** P95 of date ranges from the daily histograms, compared with the exact P95 of all dialogues. */
import type { Pool } from '../../services/postgres/client/connect.ts';
import { addDays, type Day, startOf } from '../../services/rollup/day.ts';
import { latencyPercentile, mergeLatencies } from '../../services/rollup/latency-histogram.ts';
import { firstDay, lastDay } from './plan.ts';

export type RangeError = {
  readonly first: Day;
  readonly last: Day;
  readonly exactMs: number;
  readonly relative: number;
};

const ranges: readonly (readonly [Day, Day])[] = [
  [firstDay, lastDay],
  ['2025-01-01', '2025-06-30'],
  ['2025-04-17', '2025-07-23'],
  ['2025-02-01', '2025-02-28'],
  ['2025-11-03', '2025-11-09'],
  ['2025-08-13', '2025-08-13'],
];

/** The days must have been rolled up. */
export async function rangeErrors(pool: Pool): Promise<readonly RangeError[]> {
  const errors: RangeError[] = [];
  for (const [first, last] of ranges) {
    const { rows } = await pool.query<{ exact: number }>(
      `select percentile_cont(0.95) within group (order by latency_ms) as exact
       from ai_dialogue_log where created_at >= $1 and created_at < $2`,
      [startOf(first), startOf(addDays(last, 1))],
    );
    const exactMs = rows[0]?.exact ?? Number.NaN;
    const read = await percentileOfRange(pool, first, last);
    errors.push({ first, last, exactMs, relative: Math.abs((read ?? Number.NaN) - exactMs) / exactMs });
  }
  return errors;
}

export async function percentileOfRange(pool: Pool, first: Day, last: Day): Promise<number | null> {
  const { rows } = await pool.query<{ histogram: Uint8Array | null }>({
    name: 'histograms-of-range',
    text: 'select latency_histogram as histogram from rag_metrics_history where date between $1 and $2',
    values: [first, last],
  });
  return latencyPercentile(mergeLatencies(rows.map(({ histogram }) => histogram)), 0.95);
}
