/** Mounts the pages: `/`, `/dashboard/metrics`, the runbooks, and what they load. */
import type { IRouter } from 'express';
import type { PageContext } from './create-app.ts';
import { showAskPage } from './routes/page-ask.ts';
import { createPageFiles } from './routes/page-files.ts';
import { type PageDependencies, showMetricsPage } from './routes/page-metrics.ts';
import { asPage } from './routes/page-visitor.ts';
import { mountRunbooks } from './routes/runbooks.ts';

/** @throws {Error} where a file of the pages is missing */
export function mountPages(router: IRouter, context: PageContext, deps: PageDependencies): void {
  const files = createPageFiles();
  files.mount(router, context.mountRoute);
  mountRunbooks(router, context.mountRoute, files.path);
  context.mountRoute(router, '/', { get: [asPage('/', files.path), showAskPage(context, files.path)] });
  context.mountRoute(router, '/dashboard/metrics', {
    get: [asPage('/dashboard/metrics', files.path), showMetricsPage(context, deps, files.path)],
  });
}
