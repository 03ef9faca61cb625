/** GET /dashboard/metrics: today so far and the days before it, against the objectives. */
import type { RequestHandler } from 'express';
import type { DayReport } from '../../rollup/day-report.ts';
import type { History } from '../../rollup/history.ts';
import type { PageContext } from '../create-app.ts';
import { languageOf } from '../html/language.ts';
import { metricsPage } from '../html/metrics-page.ts';
import { shownDays } from '../html/shown-days.ts';
import { findVisitor, greet, sendPage } from './page-visitor.ts';

export type PageDependencies = {
  /** Today so far. @throws {ChatFailure} `database_unavailable` */
  readonly ragMetrics: () => Promise<DayReport>;
  /** The rows of the last `days` days. @throws {ChatFailure} `database_unavailable` */
  readonly ragMetricsHistory: (days: number) => Promise<History>;
};

/** Days in the charts and in the table, today included. */
const span = 30;

export function showMetricsPage(context: PageContext, deps: PageDependencies, files: string): RequestHandler {
  return async (req, res) => {
    const visitor = await findVisitor(context, req);
    const [report, history] = await Promise.all([deps.ragMetrics(), deps.ragMetricsHistory(span)]);
    const days = shownDays(report, history, span);
    sendPage(res, metricsPage({ language: languageOf(req), files, ...greet(visitor, req), report, days }));
  };
}
