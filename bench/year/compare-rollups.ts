/** Back-fills the year as `cli -- rollup --from --to` does, and holds it against the earlier way and the exact percentiles. */
import type { Pool } from '../../services/postgres/client/connect.ts';
import { readMetricsHistory } from '../../services/postgres/metrics/daily-metrics.ts';
import { measurePeriod } from '../../services/postgres/metrics/measure-period.ts';
import { addDays, type Day, startOf } from '../../services/rollup/day.ts';
import { backFill } from './back-fill.ts';
import { measureEarlierWay } from './earlier-day.ts';
import { afterTheYear, firstDay, lastDay } from './plan.ts';
import { percentileOfRange, rangeErrors } from './range-percentiles.ts';
import { medianMs } from './time-runs.ts';

const agreedDays: readonly Day[] = ['2025-01-01', '2025-05-29', '2025-12-31'];
const mostError = 0.01;

/** @returns what is wrong whatever the machine: results that differ, or a percentile that is off by more than 1 % */
export async function compareRollups(pool: Pool): Promise<string[]> {
  const wrong = await disagreements(pool);
  const seconds = await backFill(pool);
  console.log(
    `\nBack-fill of 365 days, as \`cli -- rollup --from ${firstDay} --to ${lastDay}\`: ${seconds.toFixed(1)} s (aim 25)`,
  );

  const page = await medianMs(15, () => readMetricsHistory(pool, { days: 366, now: afterTheYear }));
  const range = await medianMs(31, () => percentileOfRange(pool, firstDay, lastDay));
  console.log(
    `P95 of a year from the daily histograms: ${range.toFixed(1)} ms (aim 5); with all the year's rows, as the page reads them: ${page.toFixed(1)} ms`,
  );
  for (const { first, last, exactMs, relative } of await rangeErrors(pool)) {
    const error = `${(100 * relative).toFixed(2)} %`;
    console.log(`  ${first} to ${last}: exactly ${exactMs.toFixed(1)} ms, from the histograms off by ${error}`);
    if (!(relative <= mostError)) wrong.push(`P95 of ${first} to ${last} is off by ${error}`);
  }
  return wrong;
}

async function disagreements(pool: Pool): Promise<string[]> {
  const wrong: string[] = [];
  for (const day of agreedDays) {
    const period = { from: startOf(day), to: startOf(addDays(day, 1)) };
    const ours: Readonly<Record<string, unknown>> = await measurePeriod(pool, period);
    for (const [name, value] of Object.entries(await measureEarlierWay(pool, period))) {
      if (ours[name] !== value) wrong.push(`${day}: ${name} is ${ours[name]}, and ${value} by the six queries`);
    }
  }
  return wrong;
}
