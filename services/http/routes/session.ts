/** POST and DELETE /session: sets and clears the token cookie of the pages. */
import { z } from 'zod';
import { bodyText, formType } from '../api/parse-input.ts';
import { badField } from '../api/problem.ts';
import { clearTokenCookie, setTokenCookie } from '../auth/token-cookie.ts';
import type { VerifyToken } from '../auth/verify-token.ts';
import { defineRoute, responseSent } from '../define-route.ts';

const sessionRequest = z.strictObject(
  { token: z.string({ error: 'must be a string' }).trim().min(1, { error: 'is empty' }) },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

/** Browsers silently drop a cookie whose name, value and attributes exceed 4,096 bytes. */
const longestToken = 3_900;

/** The pages that a sign-in form may redirect to. */
const pages = new Set(['/', '/dashboard/metrics']);

export const signIn = defineRoute({
  id: 'signIn',
  method: 'post',
  path: '/session',
  access: 'sign-in',
  summary: 'Store a token in the HttpOnly cookie of the pages',
  body: sessionRequest,
  acceptsForm: true,
  problems: ['unauthorized', 'sign-in-unavailable'],
  async handler({ body: { token } }, { verifyToken }: { readonly verifyToken: VerifyToken }, { req, res }) {
    if (token.length > longestToken)
      throw badField('token', `is longer than ${longestToken} characters, which is too long for a cookie`);
    await verifyToken(token);
    setTokenCookie(req, res, token);
    if (!req.is(formType)) return undefined;
    // A form sends the page to go on to as `next`. Other addresses are ignored: they could lead to another site.
    const next = new URLSearchParams(bodyText(req)).get('next') ?? '/';
    res.redirect(303, pages.has(next) ? next : '/');
    return responseSent;
  },
});

export const signOut = defineRoute({
  id: 'signOut',
  method: 'delete',
  path: '/session',
  access: 'own-pages',
  summary: 'Clear the token cookie',
  problems: [],
  async handler(_input, _deps, { req, res }) {
    clearTokenCookie(req, res);
    return undefined;
  },
});
