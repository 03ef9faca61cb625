/** The cookie that keeps a browser signed in, and the check that a request comes from our own pages. */
import type { Request, Response } from 'express';
import { tokenLifetimeSeconds } from './development-token.ts';

/**
 * Tells requests that our own pages sent from those that another site made a browser send.
 * Null: the request names no origin, so no browser sent it.
 */
export function isSameOrigin(req: Request): boolean | null {
  const site = req.get('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin';
  const origin = req.get('Origin');
  if (origin === undefined) return null;
  return URL.canParse(origin) && new URL(origin).host === req.host;
}

const name = 'rag_token';
const attributes = { httpOnly: true, sameSite: 'strict', path: '/' } as const;

/** The cookie in which a browser keeps its token. */
export function setTokenCookie(req: Request, res: Response, token: string): void {
  res.cookie(name, token, { ...attributes, secure: req.secure, maxAge: tokenLifetimeSeconds * 1000 });
}

export function clearTokenCookie(req: Request, res: Response): void {
  res.clearCookie(name, { ...attributes, secure: req.secure });
}

/** A JWT needs no decoding: it is of base64url characters and dots. */
export function tokenOfCookie(req: Request): string | null {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  return found === undefined || found === '' ? null : found;
}
