/** Finds out who sends a request, and refuses those who may not. */
import { isIP } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import type { Requester } from '../../chat/retrieve.ts';
import { Problem } from '../api/problem.ts';
import { isSameOrigin, tokenOfCookie } from './token-cookie.ts';
import { badToken, type Identity, noToken, type VerifyToken } from './verify-token.ts';

export type Caller = { readonly identity: Identity; readonly requester: Requester };

export type FindCaller = (req: Request) => Promise<Caller>;

/** @param result refused: the token is not good; failed: nobody could tell, because the keys to check it are away */
export type MeasureAuthentication = (seconds: number, result: 'ok' | 'refused' | 'failed') => void;

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * @param geoHeader name of the header in which a trusted proxy tells the country; undefined: nobody's country is known
 * @returns a function that throws {Problem} 401, 403 or 503
 */
export function createFindCaller(verify: VerifyToken, geoHeader: string | undefined): FindCaller {
  return async (req) => {
    const identity = await verify(tokenOf(req));
    const { userId, role, groups } = identity;
    return { identity, requester: { userId, role, groups, ip: addressOf(req), country: countryOf(req, geoHeader) } };
  };
}

/** @param clock milliseconds, monotonic */
export function timed(findCaller: FindCaller, measure: MeasureAuthentication, clock: () => number): FindCaller {
  return async (req) => {
    const start = clock();
    const told = (result: Parameters<MeasureAuthentication>[1]) => measure((clock() - start) / 1_000, result);
    try {
      const caller = await findCaller(req);
      told('ok');
      return caller;
    } catch (error) {
      told(error instanceof Problem && error.status < 500 ? 'refused' : 'failed');
      throw error;
    }
  };
}

/** @param limitFailures counts refused tokens by address; good tokens from the same address are not held up */
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

/** Who `authenticate` found. */
export function callerOf(res: Response): Caller {
  const caller: Caller | undefined = res.locals.caller;
  if (caller === undefined) throw new Error('a route asks for its caller without authenticate before it');
  return caller;
}

export const requireAdmin: RequestHandler = (_req, res, next) => {
  if (callerOf(res).identity.role !== 'admin') {
    throw new Problem('forbidden', { detail: 'Only the role "admin" may do this. Ask with an admin\'s token.' });
  }
  next();
};

function tokenOf(req: Request): string {
  const given = req.headersDistinct.authorization ?? [];
  if (given.length > 1) throw badToken('more than one Authorization header was sent');
  const [header] = given;
  if (header !== undefined) {
    const [scheme = '', token, ...rest] = header.trim().split(/\s+/);
    if (scheme.toLowerCase() !== 'bearer') throw noToken();
    if (token === undefined || rest.length > 0) throw badToken('the Authorization header is not "Bearer TOKEN"');
    return token;
  }
  const cookie = tokenOfCookie(req);
  if (cookie === null) throw noToken();
  // A browser sends the cookie by itself, so it must be our own page that asks for a change.
  if (!safeMethods.has(req.method) && isSameOrigin(req) !== true) {
    throw new Problem('forbidden', { detail: "The cookie counts only for requests of this site's own pages." });
  }
  return cookie;
}

/**
 * The client as the trusted proxies tell it, as ranges are written: an IPv4 address without its IPv6 disguise, an IPv6
 * address without its zone.
 */
function addressOf(req: Request): string | null {
  const ip = (req.ip ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(ip) === 0 ? null : ip;
}

function countryOf(req: Request, geoHeader: string | undefined): string | null {
  const country = geoHeader === undefined ? undefined : req.get(geoHeader)?.trim().toUpperCase();
  // XX is what proxies say when they do not know.
  return country !== undefined && /^[A-Z]{2}$/.test(country) && country !== 'XX' ? country : null;
}
