/** Alerts on the worker's jobs beside the promise of the daily rollup. */
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import type { Alert } from '../rule.ts';
import type { Spans } from './spans.ts';

export function jobAlerts({ span }: Spans): readonly Alert[] {
  const { rollupLastSuccess, workerDatabaseUp } = workerMetrics;
  return [
    {
      alert: 'RagRollupNeverRan',
      service: scrapeJobs.worker,
      slo: 'rollup_never_ran',
      severity: 'critical',
      for: span(limits.neverRan),
      // Not while the database is away: then nobody knows.
      expr: `absent(${rollupLastSuccess.name}) and on() max(${workerDatabaseUp.name}) == 1`,
      summary: `The daily rollup has not succeeded once in ${limits.neverRan}.`,
      action: "Look at the worker's log, and run `cli -- rollup` by hand",
      board: 'jobs',
    },
  ];
}
