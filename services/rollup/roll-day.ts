/** The types of a rollup run of one day. */
import type { LeasedRun, RunResult } from './leased-run.ts';
import type { PeriodMetrics } from './period-metrics.ts';

export type RollDay = LeasedRun<PeriodMetrics>;
export type DayResult = RunResult<PeriodMetrics>;
