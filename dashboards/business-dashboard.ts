/** Daily metrics: SLO compliance, trends, and the sources behind the answers. */
import type { DashboardContext } from './context.ts';
import { buildDashboard, cell, type Dashboard, line, row } from './dashboard.ts';
import * as daily from './panels/daily-metrics.ts';
import * as compliance from './panels/slo/slo-compliance.ts';

export function businessDashboard(context: DashboardContext): Dashboard {
  return buildDashboard({
    id: 'business',
    question: 'Which days met all objectives, and how is the service used?',
    context,
    from: 'now-90d',
    refresh: '',
    rows: [
      row(
        100,
        'Daily SLO compliance',
        line(
          4,
          cell(1, 6, compliance.compliantDays()),
          cell(2, 6, daily.questionCount()),
          cell(3, 6, daily.medianDailyUsers()),
          cell(4, 6, daily.totalCost()),
        ),
        line(13, cell(5, 11, compliance.complianceCalendar()), cell(6, 13, compliance.weeklySummary())),
      ),
      row(
        101,
        'Trends',
        line(
          8,
          cell(11, 8, daily.citationRateByDay()),
          cell(12, 8, daily.latencyByDay()),
          cell(13, 8, daily.costByDay()),
        ),
        line(
          8,
          cell(14, 8, daily.relevanceByDay()),
          cell(15, 8, daily.errorRateByDay()),
          cell(16, 8, daily.answersAndUsersByDay()),
        ),
      ),
      row(
        102,
        'Sources and votes',
        line(8, cell(24, 16, daily.citationsBySourceTypeAndDay()), cell(21, 8, daily.citationsBySourceType())),
        line(8, cell(22, 12, daily.citedSourcesByDay()), cell(23, 12, daily.upvoteShareByDay())),
      ),
    ],
  });
}
