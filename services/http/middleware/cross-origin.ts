/** Lets pages of other origins call the API with a token (CORS). Cookies are never accepted from there. */
import cors from 'cors';
import type { RequestHandler } from 'express';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const responseHeaders = ['Retry-After', 'WWW-Authenticate', 'RateLimit', 'RateLimit-Policy', 'Allow'];
const preflightSeconds = 600;

/** @param origins such as `https://lms.example`; `*` for all; none: no header is sent, so browsers refuse */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  if (origins.length === 0) return (_req, _res, next) => next();
  // Any request header is allowed: SDKs send their own, and without cookies none of them carries more rights than the token.
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods,
    exposedHeaders: responseHeaders,
    credentials: false,
    maxAge: preflightSeconds,
  });
}
