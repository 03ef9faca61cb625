/** Refuses requests that a proxy and this server may read differently. */
import type { RequestHandler } from 'express';
import { Problem } from '../api/problem.ts';

/** Node takes the first of several Host lines; a proxy in front may have checked another one. */
export const refuseOddRequests: RequestHandler = (req, _res, next) => {
  if ((req.headersDistinct.host?.length ?? 0) > 1) {
    throw new Problem('bad-request', { detail: 'The request has more than one Host header. Send one.' });
  }
  next();
};
