/** Limits requests per minute by user or by address. Each server counts its own requests. */
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { Problem } from '../api/problem.ts';
import { callerOf } from '../auth/authenticate.ts';
import { serviceOf } from '../auth/authenticate-service.ts';

/** An IPv6 customer owns a network of this size or larger. */
const ipv6Subnet = 56;

export function limitByUser(perMinute: number): RequestHandler {
  return limit(perMinute, (_req, res) => callerOf(res).requester.userId);
}

export function limitByAddress(perMinute: number): RequestHandler {
  return limit(perMinute, (req) => ipKeyGenerator(req.ip ?? '', ipv6Subnet));
}

/** Each service has its own limit. Its keys share it. */
export function limitByService(): RequestHandler {
  const ofService = (res: Response) => serviceOf(res)?.requestsPerMinute ?? 0;
  return limit(
    (_req, res) => ofService(res),
    (_req, res) => serviceOf(res)?.service ?? '',
  );
}

/** Requests per minute and address without a token, at least: probes, scrapers and a school behind one address. */
const leastPublic = 600;

/** For what costs little and needs no token. A liveness probe is never refused, or the process would be restarted. */
export function limitPublic(perMinute: number): RequestHandler {
  const limited = limitByAddress(Math.max(leastPublic, perMinute));
  return (req, res, next) => (req.path === '/healthz' ? next() : limited(req, res, next));
}

type OfRequest<T> = (req: Request, res: Response) => T;

function limit(perMinute: number | OfRequest<number>, keyGenerator: OfRequest<string>): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    keyGenerator,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Its checks print to the console. TRUST_PROXY is validated elsewhere.
    validate: false,
    handler: (req, res, next) => {
      const seconds = res.get('Retry-After') ?? '60';
      const allowed = typeof perMinute === 'number' ? perMinute : perMinute(req, res);
      next(
        new Problem('too-many-requests', {
          detail: `More than ${allowed} requests per minute. Retry in ${seconds} s.`,
          headers: { 'Retry-After': seconds },
        }),
      );
    },
  });
}
