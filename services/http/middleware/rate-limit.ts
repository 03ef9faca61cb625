/** Limits how often one caller may ask; counts are this server's own. */
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { Problem } from '../api/problem.ts';
import { callerOf } from '../auth/authenticate.ts';

/** An IPv6 customer has a whole network, of this size or larger. */
const ipv6Subnet = 56;

export function limitByUser(perMinute: number): RequestHandler {
  return limit(perMinute, (_req, res) => callerOf(res).requester.userId);
}

export function limitByAddress(perMinute: number): RequestHandler {
  return limit(perMinute, (req) => ipKeyGenerator(req.ip ?? '', ipv6Subnet));
}

function limit(perMinute: number, keyGenerator: (req: Request, res: Response) => string): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    keyGenerator,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Its checks print to the console; the trust of proxies is read from the configuration.
    validate: false,
    handler: (_req, res, next) => {
      const seconds = res.get('Retry-After') ?? '60';
      next(
        new Problem('too-many-requests', {
          detail: `More than ${perMinute} requests in a minute. Wait ${seconds} s, then ask again.`,
          headers: { 'Retry-After': seconds },
        }),
      );
    },
  });
}
