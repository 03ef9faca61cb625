/** GET /dashboard/metrics: today so far and the days before it against the objectives, and what to look at. */
import type { Request, RequestHandler } from 'express';
import type { SourceStatus } from '../../provenance/source.ts';
import { budgetDays } from '../../rollup/error-budgets.ts';
import type { ReadWatched } from '../../slo/standing.ts';
import type { PageContext } from '../app.ts';
import type { Caller } from '../auth/authenticate.ts';
import { sampleLearnerId } from '../auth/development-token.ts';
import { budgetsTold, type ReadOverview } from '../routes/admin/slo-status.ts';
import type { FindWorstAnswers } from '../routes/admin/worst-answers.ts';
import { alertsPanel } from './html/metrics/alerts-panel.ts';
import { shownDays } from './html/metrics/days.ts';
import { metricsPage } from './html/metrics/metrics-page.ts';
import { sourcesPanel } from './html/metrics/sources-panel.ts';
import { worstAnswersPanel } from './html/metrics/worst-answers-panel.ts';
import { html } from './html/shared/html.ts';
import { languageOf } from './html/shared/language.ts';
import { findVisitor, greet, sendPage } from './visitor.ts';

export type PageDependencies = {
  readonly overview: ReadOverview;
  readonly watched: ReadWatched;
  readonly worstAnswers: FindWorstAnswers;
  /** By name. @throws {ChatFailure} `database_unavailable` */
  readonly sources: () => Promise<readonly SourceStatus[]>;
};

/** As long as nobody notices: a Prometheus that is slow holds no page up. Milliseconds. */
const patienceMs = 250;
const worst = { days: 2, limit: 10 };

export function showMetricsPage(context: PageContext, deps: PageDependencies, files: string): RequestHandler {
  return async (req, res) => {
    const visitor = await findVisitor(context, req);
    const language = languageOf(req);
    const [watched, overview, closer] = await Promise.all([
      deps.watched(patienceMs),
      deps.overview(),
      mayLookCloser(context, visitor, req) ? Promise.all([deps.worstAnswers(worst), deps.sources()]) : null,
    ]);
    const { report, history } = overview;
    sendPage(
      res,
      metricsPage({
        language,
        files,
        ...greet(visitor, req),
        report,
        days: shownDays(report, history, budgetDays),
        budgets: budgetsTold(watched, overview),
        panels: closer && {
          alerts: alertsPanel(watched, language),
          others: html`${worstAnswersPanel(closer[0], language)}${sourcesPanel(closer[1], language)}`,
        },
      }),
    );
  };
}

/** Administrators, as for the API, and the person at this machine, who is the sample learner on the other page. */
function mayLookCloser(context: PageContext, visitor: Caller | null, req: Request): boolean {
  if (visitor === null || visitor.identity.role === 'admin') return true;
  return visitor.identity.userId === sampleLearnerId && context.isLocalDemo(req);
}
