/** Who may call a route, and how often. */
import type { RequestHandler } from 'express';
import type { ProblemName } from '../api/problem.ts';
import {
  authenticate,
  type FindCaller,
  type MeasureAuthentication,
  refuseOtherSites,
  requireAdmin,
  timed,
} from '../auth/authenticate.ts';
import { limitByAddress, limitByUser, limitPublic } from './rate-limit.ts';

/** The access levels whose routes know their caller. */
export type SignedIn = 'user' | 'question' | 'admin';

/**
 * `question`: as `user`, with a rate limit of its own and with authentication timed.
 * `own-pages`: no token, but no request that another site made a browser send.
 * `sign-in`: as `own-pages`, and limited by address.
 */
export type Access = 'public' | 'own-pages' | 'sign-in' | SignedIn;

const signedIn = ['unauthorized', 'forbidden', 'too-many-requests', 'sign-in-unavailable'] as const;

export const accessProblems = {
  public: ['too-many-requests'],
  'own-pages': ['forbidden'],
  'sign-in': ['forbidden', 'too-many-requests'],
  user: signedIn,
  question: signedIn,
  admin: signedIn,
} as const satisfies Readonly<Record<Access, readonly ProblemName[]>>;

export type Guards = Readonly<Record<Access, readonly RequestHandler[]>>;

/** @param clock milliseconds, monotonic */
export function createGuards({
  findCaller,
  measureAuthentication,
  rateLimitPerMinute,
  clock,
}: {
  readonly findCaller: FindCaller;
  readonly measureAuthentication: MeasureAuthentication;
  readonly rateLimitPerMinute: number;
  readonly clock: () => number;
}): Guards {
  const failures = limitByAddress(rateLimitPerMinute);
  const user = [authenticate(findCaller, failures), limitByUser(rateLimitPerMinute)];
  const timedCaller = timed(findCaller, measureAuthentication, clock);
  return {
    public: [limitPublic(rateLimitPerMinute)],
    'own-pages': [refuseOtherSites],
    'sign-in': [limitByAddress(rateLimitPerMinute), refuseOtherSites],
    user,
    // Reading answers does not use up the limit on questions.
    question: [authenticate(timedCaller, failures), limitByUser(rateLimitPerMinute)],
    admin: [...user, requireAdmin],
  };
}
