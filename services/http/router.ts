/** Mounts routes on Express. Every method that a path does not have is answered 405 with Allow. */
import type { IRouter, Request, RequestHandler, Response } from 'express';
import { formType, parseBody, parseHeaders, parseParams, parseQuery, readBody } from './api/parse-input.ts';
import { Problem } from './api/problem.ts';
import { callerOf } from './auth/authenticate.ts';
import { serviceOf } from './auth/authenticate-service.ts';
import { type Exchange, type Method, type Route, type RouteInput, responseSent } from './define-route.ts';
import type { Access, Guards } from './middleware/guards.ts';

/** Mounts declared routes: guards, body, parsed input, handler, reply. */
export function mountRoutes<Deps>(router: IRouter, routes: readonly Route<Deps>[], guards: Guards, deps: Deps): void {
  for (const [path, ofPath] of Map.groupBy(routes, (route) => route.path)) {
    const handlers = ofPath.map((route): [Method, RequestHandler[]] => [
      route.method,
      [
        ...(route.before ?? []),
        ...guards[route.access],
        ...(route.body === undefined ? [] : bodyReaders(route)),
        handle(route, deps),
      ],
    ]);
    mountRoute(router, path, Object.fromEntries(handlers));
  }
}

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

/** The path template, which is all that a log may hold of a path. */
export function routeOf(req: Request): string {
  const route: unknown = req.route?.path;
  return typeof route === 'string' ? req.baseUrl + route : 'unmatched';
}

const jsonTypes = ['application/json', 'text/plain'];

function bodyReaders({ acceptsForm = false, bodyLimitBytes }: Route): RequestHandler[] {
  return readBody(acceptsForm ? [...jsonTypes, formType] : jsonTypes, bodyLimitBytes);
}

type AnyInput = RouteInput<unknown, unknown, unknown, unknown, Access>;

function handle<Deps>(route: Route<Deps>, deps: Deps): RequestHandler {
  const run = route.handler as (input: AnyInput, deps: Deps, exchange: Exchange) => Promise<unknown>;
  return async (req, res) => {
    const reply = await run(parseInput(route, req, res), deps, { req, res });
    if (reply === responseSent) return;
    if (reply === undefined) res.status(204).end();
    else res.json(reply);
  };
}

/** @throws {Problem} `bad-request`, or what the route declares for unknown parameters */
function parseInput(route: Route, req: Request, res: Response): AnyInput {
  return {
    params: route.params && parseParams(req, route.params, route.unknownParams),
    query: route.query && parseQuery(req, route.query),
    body: route.body && parseBody(req, route.body),
    headers: route.headers && parseHeaders(req, route.headers),
    caller: res.locals.caller === undefined ? undefined : callerOf(res),
    service: serviceOf(res),
    signal: hangUpSignal(res),
  };
}

function hangUpSignal(res: Response): AbortSignal {
  const hungUp = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) hungUp.abort();
  });
  return hungUp.signal;
}
