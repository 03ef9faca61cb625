/** The cookie that keeps a browser signed in, and the check that protects it from other sites. */
import type { Request, Response } from 'express';
import { tokenLifetimeSeconds } from './development-token.ts';

/**
 * Returns whether a page of this site sent the request, rather than another site in the user's browser.
 * Null: the request has no origin, so it does not come from a browser.
 */
export function isSameOrigin(req: Request): boolean | null {
  const site = req.get('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin';
  const origin = req.get('Origin');
  if (origin === undefined) return null;
  return URL.canParse(origin) && new URL(origin).host === req.host;
}

const attributes = { httpOnly: true, sameSite: 'strict', path: '/' } as const;

/** Over TLS the prefix keeps other hosts of the domain and plain HTTP from setting the cookie. */
const nameOf = (req: Request) => (req.secure ? '__Host-rag_token' : 'rag_token');

export function setTokenCookie(req: Request, res: Response, token: string): void {
  res.cookie(nameOf(req), token, { ...attributes, secure: req.secure, maxAge: tokenLifetimeSeconds * 1000 });
}

export function clearTokenCookie(req: Request, res: Response): void {
  res.clearCookie(nameOf(req), { ...attributes, secure: req.secure });
}

/** A JWT consists of base64url characters and dots, so the value needs no decoding. */
export function tokenOfCookie(req: Request): string | null {
  const prefix = `${nameOf(req)}=`;
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
  return found === undefined || found === '' ? null : found;
}
