import { expect, test } from 'vitest';
import { emptyMetrics } from '../../../../../test/kit/data/empty-metrics.ts';
import { reportDay } from '../../../../rollup/day-report.ts';
import type { History, HistoryDay } from '../../../../rollup/history.ts';
import { shownDays } from './days.ts';

const report = reportDay('2026-03-02', { ...emptyMetrics, totalQueries: 7, latencyP95Ms: 3_001 }, new Date(0));

function history(...days: Partial<HistoryDay>[]): History {
  const latency = { p50Ms: null, p95Ms: null, p99Ms: null };
  return {
    days: days.map(
      (day) => ({ ...emptyMetrics, sloCompliance: null, computedAt: '', errorRate: null, ...day }) as HistoryDay,
    ),
    latency,
  };
}

test('days have no gaps up to today; days without a row differ from days without traffic', () => {
  const days = shownDays(report, history({ date: '2026-02-27', totalQueries: 0 }), 4);
  expect(days.map(({ day, answers, met }) => [day, answers, met])).toEqual([
    ['2026-02-27', 0, null],
    ['2026-02-28', null, null],
    ['2026-03-01', null, null],
    ['2026-03-02', 7, false],
  ]);
  expect(days.at(-1)?.measures.latencyP95).toEqual({ value: 3.001, met: false });
});

test('percentages and milliseconds of a row are converted to the units of the objectives', () => {
  const row = { date: '2026-03-01', citationRate: 87, latencyP50Ms: 1_307, costPerAnswer: 0, errorRate: 0.003 };
  expect(shownDays(report, history(row), 2)[0]?.measures).toEqual({
    citationRate: { value: 0.87, met: true },
    latencyP50: { value: 1.307, met: true },
    latencyP95: { value: null, met: null },
    costPerAnswer: { value: 0, met: true },
    relevance: { value: null, met: null },
    errorRate: { value: 0.003, met: false },
  });
});

test('a value rounded up to the target is still breached if the stored verdict is breached', () => {
  const compliance = { citationRateMet: null, latencyMet: null, costMet: null, relevanceMet: false, overallMet: false };
  const row = { date: '2026-03-01', averageRelevanceScore: 0.7, sloCompliance: compliance };
  expect(shownDays(report, history(row), 2)[0]).toMatchObject({
    met: false,
    measures: { relevance: { value: 0.7, met: false } },
  });
});
