/** Reads what the page of metrics begins with: today so far, by the statement that the rollup uses, and the days before. */
import type { Pool } from 'pg';
import { budgetDays } from '../rollup/budgets-of-days.ts';
import { addDays, dayOf, startOf } from '../rollup/day.ts';
import { type Overview, overviewOf } from '../rollup/overview.ts';
import { measurePeriod } from './measure-period.ts';
import { readHistoryRows } from './metrics-history-rows.ts';

export async function readOverview(pool: Pool, now: Date): Promise<Overview> {
  const day = dayOf(now);
  const [metrics, rows] = await Promise.all([
    measurePeriod(pool, { from: startOf(day), to: startOf(addDays(day, 1)) }),
    readHistoryRows(pool, { days: budgetDays, now }),
  ]);
  return overviewOf({ day, metrics, now }, rows);
}
