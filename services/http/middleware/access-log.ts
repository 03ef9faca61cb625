/** Logs one line per request: method, route, status, milliseconds. Never the path itself, which may contain text of users. */
import type { RequestHandler } from 'express';
import { routeOf } from '../router.ts';
import type { Log } from './error-handler.ts';

const probes = new Set(['/healthz', '/readyz']);

export function writeAccessLog(log: Log, clock: () => number): RequestHandler {
  return (req, res, next) => {
    const start = clock();
    res.once('close', () => {
      const route = routeOf(req);
      const aborted = !res.writableFinished;
      const line = { method: req.method, route, status: res.statusCode, ms: Math.round(clock() - start), aborted };
      if (probes.has(route)) log.debug(line, 'request');
      else log.info(line, 'request');
    });
    next();
  };
}
