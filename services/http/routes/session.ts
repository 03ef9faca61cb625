/** POST and DELETE /session: puts a token into the browser's cookie, and takes it out. */
import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { bodyText, parseBody } from '../api/parse-input.ts';
import { badField, Problem } from '../api/problem.ts';
import { clearTokenCookie, isSameOrigin, setTokenCookie } from '../auth/token-cookie.ts';
import type { VerifyToken } from '../auth/verify-token.ts';

export const sessionRequest = z.strictObject(
  { token: z.string({ error: 'must be a string' }).trim().min(1, { error: 'is empty' }) },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

export const formType = 'application/x-www-form-urlencoded';

/** Browsers drop a cookie of more than 4,096 bytes with its name and attributes, without a word. */
const longestToken = 3_900;

/** The pages that a form may lead to. */
const pages = new Set(['/', '/dashboard/metrics']);

/** Without script, a form sends the token (and the page to go on to, as `next`) and is led there. */
export function signIn(verify: VerifyToken): RequestHandler {
  return async (req, res) => {
    refuseOtherSites(req);
    const form = req.is(formType) ? new URLSearchParams(bodyText(req)) : null;
    const token = form === null ? parseBody(req, sessionRequest).token : (form.get('token') ?? '').trim();
    if (token === '') throw badField('token', 'is empty');
    if (token.length > longestToken)
      throw badField('token', `is longer than ${longestToken} characters, so no cookie holds it`);
    await verify(token);
    setTokenCookie(req, res, token);
    if (form === null) res.status(204).end();
    else {
      const next = form.get('next') ?? '/';
      res.redirect(303, pages.has(next) ? next : '/');
    }
  };
}

export const signOut: RequestHandler = (req, res) => {
  refuseOtherSites(req);
  clearTokenCookie(req, res);
  res.status(204).end();
};

/** Another site must not sign a visitor in as somebody else. What no browser sent may pass: it brings its own token. */
function refuseOtherSites(req: Request): void {
  if (isSameOrigin(req) === false) throw new Problem('forbidden', { detail: "Sign in from this site's own pages." });
}
