/** Mounts the pages: `/`, `/dashboard/metrics`, `/dashboard/services/NAME`, the runbooks and their assets. */
import type { IRouter } from 'express';
import type { PageContext } from '../app.ts';
import { type AskPageDependencies, showAskPage } from './ask.ts';
import { readAssets } from './assets.ts';
import { type MetricsPageDependencies, showMetricsPage } from './metrics.ts';
import { mountRunbooks } from './runbooks.ts';
import { type ServicePageDependencies, showServicePage } from './service.ts';
import { showProblemsAsPage } from './visitor.ts';

type PageDependencies = AskPageDependencies & MetricsPageDependencies & ServicePageDependencies;

/** @throws {Error} if an asset is missing */
export function mountPages(router: IRouter, context: PageContext, deps: PageDependencies): void {
  const assets = readAssets();
  assets.mount(router, context.mountRoute);
  mountRunbooks(router, context.mountRoute, assets.path);
  context.mountRoute(router, '/', {
    get: [showProblemsAsPage('/', assets.path), context.limit, showAskPage(context, deps, assets.path)],
  });
  context.mountRoute(router, '/dashboard/metrics', {
    get: [
      showProblemsAsPage('/dashboard/metrics', assets.path),
      context.limit,
      showMetricsPage(context, deps, assets.path),
    ],
  });
  context.mountRoute(router, '/dashboard/services/:name', {
    get: [
      showProblemsAsPage('/dashboard/metrics', assets.path),
      context.limit,
      showServicePage(context, deps, assets.path),
    ],
  });
}
