/** Mounts the pages: `/`, `/dashboard/metrics`, the runbooks, and what they load. */
import type { IRouter } from 'express';
import type { PageContext } from '../app.ts';
import { showAskPage } from './ask.ts';
import { createPageFiles } from './assets.ts';
import { type PageDependencies, showMetricsPage } from './metrics.ts';
import { mountRunbooks } from './runbooks.ts';
import { asPage } from './visitor.ts';

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
