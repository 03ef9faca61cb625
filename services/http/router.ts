/** Mounts the handlers of one path; every other method is answered 405 with Allow. */
import type { IRouter, Request, RequestHandler } from 'express';
import { Problem } from './api/problem.ts';

type Method = 'get' | 'post' | 'patch' | 'delete';

export function mountRoute(
  router: IRouter,
  path: string,
  handlers: Partial<Readonly<Record<Method, readonly RequestHandler[]>>>,
): void {
  const route = router.route(path);
  const methods = Object.keys(handlers) as Method[];
  for (const method of methods) route[method](...(handlers[method] ?? []));
  const allow = [
    'OPTIONS',
    ...methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])),
  ]
    .sort()
    .join(', ');
  route.all((req, res) => {
    if (req.method !== 'OPTIONS') throw new Problem('method-not-allowed', { headers: { Allow: allow } });
    res.set('Allow', allow).status(204).end();
  });
}

/** The path's template: what a log may hold of it. */
export function routeOf(req: Request): string {
  const route: unknown = req.route?.path;
  return typeof route === 'string' ? req.baseUrl + route : 'unmatched';
}
