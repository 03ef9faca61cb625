/** Metrics of any period, and content that expires: for tests and scripts that hold a pool and nothing else. */
import type { Pool } from 'pg';
import type { PeriodMetrics } from '../rollup/period-metrics.ts';
import { findExpiringContent } from './expiring-content.ts';
import { measurePeriod } from './measure-period.ts';
import type { ProvenanceRow } from './provenance-row.ts';

export type RagMetricsQueries = {
  /** From the first instant up to the second, which is not in it. */
  readonly calculateMetricsForPeriod: (startDate: Date, endDate: Date) => Promise<PeriodMetrics>;
  /** Soonest first. */
  readonly findExpiringContent: (days: number) => Promise<readonly ProvenanceRow[]>;
};

export function createRagMetricsQueries(pool: Pool, now: () => Date = () => new Date()): RagMetricsQueries {
  return {
    calculateMetricsForPeriod: (startDate, endDate) => measurePeriod(pool, { from: startDate, to: endDate }),
    findExpiringContent: (days) => findExpiringContent(pool, { days, now: now() }),
  };
}
