/** Tells requests that our own pages sent from those that another site made a browser send. */
import type { Request } from 'express';

/** Null: the request names no origin, so no browser sent it. */
export function isSameOrigin(req: Request): boolean | null {
  const site = req.get('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin';
  const origin = req.get('Origin');
  if (origin === undefined) return null;
  return URL.canParse(origin) && new URL(origin).host === req.host;
}
