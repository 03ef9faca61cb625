/** Backfills the year like `cli -- rollup --from --to`, and compares it with the six queries and the exact percentiles. */
import type { Pool } from '../../services/postgres/client/connect.ts';
import { readMetricsHistory } from '../../services/postgres/metrics/daily-metrics.ts';
import { measurePeriod } from '../../services/postgres/metrics/measure-period.ts';
import { addDays, type Day, startOf } from '../../services/rollup/day.ts';
import { backfill } from './backfill.ts';
import { afterTheYear, firstDay, lastDay } from './plan.ts';
import { percentileOfRange, rangeErrors } from './range-percentiles.ts';
import { measureBySixQueries } from './six-query-day.ts';
import { medianMs } from './time-runs.ts';

const comparedDays: readonly Day[] = ['2025-01-01', '2025-05-29', '2025-12-31'];
const maxError = 0.01;

/** @returns failures that do not depend on the machine's speed: different results, or a percentile that is off by more than 1 % */
export async function compareRollups(pool: Pool): Promise<string[]> {
  const failures = await differences(pool);
  const seconds = await backfill(pool);
  console.log(
    `\nBackfill of 365 days, like \`cli -- rollup --from ${firstDay} --to ${lastDay}\`: ${seconds.toFixed(1)} s (aim 25)`,
  );

  const page = await medianMs(15, () => readMetricsHistory(pool, { days: 366, now: afterTheYear }));
  const range = await medianMs(31, () => percentileOfRange(pool, firstDay, lastDay));
  console.log(
    `P95 of a year from the daily histograms: ${range.toFixed(1)} ms (aim 5); with all rows of the year, like the metrics page: ${page.toFixed(1)} ms`,
  );
  for (const { first, last, exactMs, relative } of await rangeErrors(pool)) {
    const error = `${(100 * relative).toFixed(2)} %`;
    console.log(`  ${first} to ${last}: ${exactMs.toFixed(1)} ms exactly, the histograms are off by ${error}`);
    if (!(relative <= maxError)) failures.push(`P95 of ${first} to ${last} is off by ${error}`);
  }
  return failures;
}

async function differences(pool: Pool): Promise<string[]> {
  const failures: string[] = [];
  for (const day of comparedDays) {
    const period = { from: startOf(day), to: startOf(addDays(day, 1)) };
    const ours: Readonly<Record<string, unknown>> = await measurePeriod(pool, period);
    for (const [name, value] of Object.entries(await measureBySixQueries(pool, period))) {
      if (ours[name] !== value) failures.push(`${day}: ${name} is ${ours[name]}, but ${value} with the six queries`);
    }
  }
  return failures;
}
