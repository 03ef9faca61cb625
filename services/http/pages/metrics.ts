/** GET /dashboard/metrics: objectives, error budgets, alerts, worst answers and sources. */
import type { Request, RequestHandler } from 'express';
import { serviceNamePattern } from '../../intake/service.ts';
import type { SourceStatus } from '../../provenance/source.ts';
import type { Trusted } from '../../quality/validation.ts';
import { budgetDays } from '../../rollup/error-budgets.ts';
import { builtInService } from '../../slo/deployment.ts';
import type { ReadPrometheusStatus } from '../../slo/slo-status.ts';
import { Problem } from '../api/problem.ts';
import type { PageContext } from '../app.ts';
import { type ReadOverview, selectErrorBudgets } from '../routes/admin/slo-status.ts';
import type { FindWorstAnswers } from '../routes/admin/worst-answers.ts';
import { alertsPanel } from './html/metrics/alerts-panel.ts';
import { shownDays } from './html/metrics/days.ts';
import { metricsPage } from './html/metrics/metrics-page.ts';
import { sourcesPanel } from './html/metrics/sources-panel.ts';
import { worstAnswersPanel } from './html/metrics/worst-answers-panel.ts';
import { html } from './html/shared/html.ts';
import { languageOf } from './html/shared/language.ts';
import { findVisitor, headerOf, maySeeDetails, sendPage } from './visitor.ts';

export type MetricsPageDependencies = {
  readonly overview: ReadOverview;
  readonly prometheusStatus: ReadPrometheusStatus;
  readonly worstAnswers: FindWorstAnswers;
  /** Sorted by name. @throws {ServiceFailure} `database_unavailable` */
  readonly sources: () => Promise<readonly SourceStatus[]>;
  /** The built-in one first. @throws {ServiceFailure} `database_unavailable` */
  readonly serviceNames: () => Promise<readonly string[]>;
  /** How far the relevance score of the built-in service can be trusted; absent: not known. */
  readonly relevanceTrust?: () => Trusted;
  /** YYYY-MM-DD of shipped prices that are old; absent or null: prices are current, or the operator's. */
  readonly oldPrices?: () => string | null;
};

/** Short, so that a slow Prometheus does not delay the page. */
const prometheusTimeoutMs = 250;
const worst = { days: 2, limit: 10 };

export function showMetricsPage(context: PageContext, deps: MetricsPageDependencies, files: string): RequestHandler {
  return async (req, res) => {
    const visitor = await findVisitor(context, req);
    const language = languageOf(req);
    const service = chosenService(req);
    const [status, services, overview, details] = await Promise.all([
      deps.prometheusStatus(prometheusTimeoutMs),
      deps.serviceNames(),
      deps.overview(service),
      maySeeDetails(context, visitor, req)
        ? Promise.all([deps.worstAnswers({ ...worst, service }), deps.sources()])
        : null,
    ]);
    if (service !== null && !services.includes(service)) throw new Problem('not-found');
    const { report, history } = overview;
    sendPage(
      res,
      metricsPage({
        language,
        files,
        ...headerOf(visitor, req),
        services,
        service,
        report,
        days: shownDays(report, history, budgetDays),
        // Prometheus reports the budgets of all services together.
        budgets: selectErrorBudgets(service === null ? status : { state: 'not_connected' }, overview),
        trust: service === null || service === builtInService ? (deps.relevanceTrust?.() ?? null) : null,
        oldPrices: deps.oldPrices?.() ?? null,
        panels: details && {
          alerts: alertsPanel(status, language),
          others: html`${worstAnswersPanel(details[0], language)}${sourcesPanel(details[1], language)}`,
        },
      }),
    );
  };
}

/** Null: all services together. */
function chosenService(req: Request): string | null {
  const { service } = req.query;
  if (service === undefined || service === '') return null;
  if (typeof service !== 'string' || !serviceNamePattern.test(service)) throw new Problem('not-found');
  return service;
}
