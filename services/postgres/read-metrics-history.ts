/** The last days as the rollup counted them, with percentiles over all of them. */
import type { Pool } from 'pg';
import { type History, historyOf } from '../rollup/history.ts';
import { readHistoryRows } from './metrics-history-rows.ts';

/** @param days up to and including `now`'s, in Asia/Tokyo; today has no row before it is over */
export async function readMetricsHistory(pool: Pool, period: { days: number; now: Date }): Promise<History> {
  return historyOf(await readHistoryRows(pool, period));
}
