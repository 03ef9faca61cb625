/** Authenticates the caller of a request and rejects callers without permission. */
import { isIP } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import type { Requester } from '../../chat/retrieve.ts';
import { Problem } from '../api/problem.ts';
import type { Identity } from './claims.ts';
import { badToken, noToken } from './refused-token.ts';
import { isSameOrigin, tokenOfCookie } from './token-cookie.ts';
import type { VerifyToken } from './verify-token.ts';

export type Caller = { readonly identity: Identity; readonly requester: Requester };

export type FindCaller = (req: Request) => Promise<Caller>;

/** @param result refused: the token is invalid; failed: it could not be verified because the keys are unavailable */
export type MeasureAuthentication = (seconds: number, result: 'ok' | 'refused' | 'failed') => void;

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * @param geoHeader name of the header in which a trusted proxy sends the country; undefined: countries are unknown
 * @returns a function that throws {Problem} 401, 403 or 503
 */
export function createFindCaller(verify: VerifyToken, geoHeader: string | undefined): FindCaller {
  return async (req) => {
    const identity = await verify(tokenOf(req));
    const { userId, role, groups, tenant } = identity;
    const requester = { userId, role, groups, ip: addressOf(req), country: countryOf(req, geoHeader) };
    return { identity, requester: { ...requester, ...(tenant !== null && { tenant }) } };
  };
}

/** @param clock milliseconds, monotonic */
export function timed(findCaller: FindCaller, measure: MeasureAuthentication, clock: () => number): FindCaller {
  return async (req) => {
    const start = clock();
    const report = (result: Parameters<MeasureAuthentication>[1]) => measure((clock() - start) / 1_000, result);
    try {
      const caller = await findCaller(req);
      report('ok');
      return caller;
    } catch (error) {
      report(error instanceof Problem && error.status < 500 ? 'refused' : 'failed');
      throw error;
    }
  };
}

/** @param limitFailures counts rejected tokens by address; valid tokens from the same address are not limited */
export function authenticate(findCaller: FindCaller, limitFailures: RequestHandler): RequestHandler {
  return async (req, res, next) => {
    try {
      res.locals.caller = await findCaller(req);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      limitFailures(req, res, (limited?: unknown) => next(limited ?? error));
      return;
    }
    next();
  };
}

/** The caller that `authenticate` found. */
export function callerOf(res: Response): Caller {
  const caller: Caller | undefined = res.locals.caller;
  if (caller === undefined) throw new Error('this route reads its caller but is not authenticated');
  return caller;
}

/** Stops other sites from signing a visitor in or out. Clients other than browsers send no origin and pass. */
export const refuseOtherSites: RequestHandler = (req, _res, next) => {
  if (isSameOrigin(req) === false) throw new Problem('forbidden', { detail: 'Sign in from a page of this site.' });
  next();
};

export const requireAdmin: RequestHandler = (_req, res, next) => {
  if (callerOf(res).identity.role !== 'admin') {
    throw new Problem('forbidden', { detail: 'This requires the role "admin". Use the token of an administrator.' });
  }
  next();
};

function tokenOf(req: Request): string {
  const headers = req.headersDistinct.authorization ?? [];
  if (headers.length > 1) throw badToken('more than one Authorization header was sent');
  const [header] = headers;
  if (header !== undefined) {
    const [scheme = '', token, ...rest] = header.trim().split(/\s+/);
    if (scheme.toLowerCase() !== 'bearer') throw noToken();
    if (token === undefined || rest.length > 0) throw badToken('the Authorization header is not "Bearer TOKEN"');
    return token;
  }
  const cookie = tokenOfCookie(req);
  if (cookie === null) throw noToken();
  // Browsers attach the cookie to requests of any site, so changes are accepted from our own pages only.
  if (!safeMethods.has(req.method) && isSameOrigin(req) !== true) {
    throw new Problem('forbidden', { detail: 'The cookie is accepted only for requests from pages of this site.' });
  }
  return cookie;
}

/** The client address as reported by trusted proxies, without the IPv4-mapped prefix and without the IPv6 zone. */
function addressOf(req: Request): string | null {
  const ip = (req.ip ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(ip) === 0 ? null : ip;
}

function countryOf(req: Request, geoHeader: string | undefined): string | null {
  const country = geoHeader === undefined ? undefined : req.get(geoHeader)?.trim().toUpperCase();
  // Proxies send XX for an unknown country.
  return country !== undefined && /^[A-Z]{2}$/.test(country) && country !== 'XX' ? country : null;
}
