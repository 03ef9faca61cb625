/** The cookie in which a browser keeps its token. */
import type { Request, Response } from 'express';
import { tokenLifetimeSeconds } from './sign-token.ts';

const name = 'rag_token';
const attributes = { httpOnly: true, sameSite: 'strict', path: '/' } as const;

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
