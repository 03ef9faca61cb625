/** Recognises questions of the probe, which are answered like any other and neither recorded nor counted. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { probeHeader } from '../../chat/probe.ts';

/** Mount it before authentication: a question of the probe that is not signed in is one as well. @param key undefined: no probe */
export function recogniseProbe(key: string | undefined): RequestHandler {
  const wanted = key === undefined ? null : digest(key);
  return (req, res, next) => {
    const sent = req.get(probeHeader);
    if (wanted !== null && sent !== undefined) res.locals.isProbe = timingSafeEqual(digest(sent), wanted);
    next();
  };
}

export function isProbe(res: Response): boolean {
  return res.locals.isProbe === true;
}

/** Equally long for each key. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
