/** Who may call a route, and how often. */
import type { Request, RequestHandler } from 'express';
import { looksLikeServiceKey } from '../../intake/service-key.ts';
import type { ProblemName } from '../api/problem.ts';
import {
  authenticate,
  type FindCaller,
  type MeasureAuthentication,
  refuseOtherSites,
  requireAdmin,
  timed,
} from '../auth/authenticate.ts';
import { authenticateService, type FindServiceKey, serviceKeyOf } from '../auth/authenticate-service.ts';
import { limitByAddress, limitByService, limitByUser, limitPublic } from './rate-limit.ts';

/** The access levels whose routes know their caller. */
export type SignedIn = 'user' | 'question' | 'admin';

/**
 * `question`: as `user`, with a rate limit of its own and with authentication timed.
 * `own-pages`: no token, but no request that another site made a browser send.
 * `sign-in`: as `own-pages`, and limited by address.
 * `service`: the key of a service. `service-or-admin`: that, or the token of an administrator.
 */
export type Access = 'public' | 'own-pages' | 'sign-in' | 'service' | 'service-or-admin' | SignedIn;

const signedIn = ['unauthorized', 'forbidden', 'too-many-requests', 'sign-in-unavailable'] as const;

export const accessProblems = {
  public: ['too-many-requests'],
  'own-pages': ['forbidden'],
  'sign-in': ['forbidden', 'too-many-requests'],
  service: ['unauthorized', 'too-many-requests', 'database-unavailable'],
  'service-or-admin': [...signedIn, 'database-unavailable'],
  user: signedIn,
  question: signedIn,
  admin: signedIn,
} as const satisfies Readonly<Record<Access, readonly ProblemName[]>>;

export type Guards = Readonly<Record<Access, readonly RequestHandler[]>>;

/** @param clock milliseconds, monotonic */
export function createGuards({
  findCaller,
  findServiceKey,
  measureAuthentication,
  rateLimitPerMinute,
  clock,
}: {
  readonly findCaller: FindCaller;
  readonly findServiceKey: FindServiceKey;
  readonly measureAuthentication: MeasureAuthentication;
  readonly rateLimitPerMinute: number;
  readonly clock: () => number;
}): Guards {
  const failures = limitByAddress(rateLimitPerMinute);
  const user = [authenticate(findCaller, failures), limitByUser(rateLimitPerMinute)];
  const admin = [...user, requireAdmin];
  const service = [authenticateService(findServiceKey, failures), limitByService()];
  const timedCaller = timed(findCaller, measureAuthentication, clock);
  return {
    public: [limitPublic(rateLimitPerMinute)],
    'own-pages': [refuseOtherSites],
    'sign-in': [limitByAddress(rateLimitPerMinute), refuseOtherSites],
    user,
    // Reading answers does not use up the limit on questions.
    question: [authenticate(timedCaller, failures), limitByUser(rateLimitPerMinute)],
    admin,
    service,
    'service-or-admin': [inTurn((req) => (isServiceKey(serviceKeyOf(req) ?? '') ? service : admin))],
  };
}

/** Keys that an application brings along look like nothing in particular, and tokens of users have three parts. */
function isServiceKey(credential: string): boolean {
  return looksLikeServiceKey(credential) || (credential !== '' && credential.split('.').length !== 3);
}

/** Runs the handlers chosen for a request, one after the other. */
function inTurn(choose: (req: Request) => readonly RequestHandler[]): RequestHandler {
  return (req, res, next) => {
    const run = ([first, ...rest]: readonly RequestHandler[]): void => {
      if (first === undefined) {
        next();
        return;
      }
      const done = (error?: unknown) => (error === undefined ? run(rest) : next(error));
      // Express awaits only the handlers that it calls itself.
      Promise.resolve()
        .then(() => first(req, res, done))
        .catch(next);
    };
    run(choose(req));
  };
}
