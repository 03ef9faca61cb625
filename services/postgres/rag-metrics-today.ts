/** Today so far against the objectives, by the statement that the rollup uses. */
import type { Pool } from 'pg';
import { addDays, dayOf, startOf } from '../rollup/day.ts';
import { type DayReport, reportDay } from '../rollup/day-report.ts';
import { measurePeriod } from './measure-period.ts';

export async function ragMetricsToday(pool: Pool, now: Date): Promise<DayReport> {
  const day = dayOf(now);
  return reportDay(day, await measurePeriod(pool, { from: startOf(day), to: startOf(addDays(day, 1)) }), now);
}
