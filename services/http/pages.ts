/** Mounts the pages: `/`, `/dashboard/metrics` and what they load. */
import type { IRouter } from 'express';
import type { DayReport } from '../rollup/day-report.ts';
import type { History } from '../rollup/history.ts';
import type { PageContext } from './create-app.ts';
import { showAskPage } from './routes/page-ask.ts';
import { createPageFiles } from './routes/page-files.ts';
import { showMetricsPage } from './routes/page-metrics.ts';
import { asPage } from './routes/page-visitor.ts';

export type PageDependencies = {
  /** Today so far. @throws {ChatFailure} `database_unavailable` */
  readonly ragMetrics: () => Promise<DayReport>;
  /** The rows of the last `days` days. @throws {ChatFailure} `database_unavailable` */
  readonly ragMetricsHistory: (days: number) => Promise<History>;
};

/** @throws {Error} where a file of the pages is missing */
export function mountPages(router: IRouter, context: PageContext, deps: PageDependencies): void {
  const files = createPageFiles();
  files.mount(router, context.mountRoute);
  context.mountRoute(router, '/', { get: [asPage('/', files.path), showAskPage(context, files.path)] });
  context.mountRoute(router, '/dashboard/metrics', {
    get: [asPage('/dashboard/metrics', files.path), showMetricsPage(context, deps, files.path)],
  });
}
