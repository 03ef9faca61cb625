/** Finds the service that a request's key belongs to. The key decides, never the payload. */
import type { Request, RequestHandler, Response } from 'express';
import { hashServiceKey, looksLikeServiceKey } from '../../intake/service-key.ts';
import { Problem } from '../api/problem.ts';
import { remember } from './remember.ts';

export type ServiceCaller = { readonly service: string; readonly keyId: string; readonly requestsPerMinute: number };

/** Null: the key is unknown or revoked. @throws {ServiceFailure} `database_unavailable` */
export type FindServiceKey = (sha256: Buffer) => Promise<ServiceCaller | null>;

/** A revoked key works this long on servers that have just seen it. */
const lifetimeMs = 5_000;
const capacity = 1_000;

/** Remembers keys for seconds, so that not every request reads the database. Unknown keys are not remembered. */
export function cacheServiceKeys(find: FindServiceKey, clock: () => number): FindServiceKey {
  const seen = remember<ServiceCaller>({ lifetimeMs, capacity, clock });
  return async (sha256) => {
    const name = sha256.toString('base64');
    const known = seen.get(name);
    if (known !== undefined) return known;
    const found = await find(sha256);
    if (found !== null) seen.set(name, found);
    return found;
  };
}

/**
 * Reads the key where SDKs put it: `Authorization: Bearer KEY`, `Authorization: Basic` with the key as password (Langfuse) or as
 * user, `api_key` (Phoenix), `x-api-key`.
 * @returns null: none was sent
 */
export function serviceKeyOf(req: Request): string | null {
  const [scheme = '', credentials = ''] = (req.get('authorization') ?? '').trim().split(/\s+/, 2);
  if (/^bearer$/i.test(scheme) && credentials !== '') return decoded(credentials);
  if (/^basic$/i.test(scheme) && credentials !== '') {
    const parts = Buffer.from(credentials, 'base64').toString('utf8').split(':');
    return parts.toReversed().find(looksLikeServiceKey) ?? parts.at(-1) ?? null;
  }
  return req.get('api_key') ?? req.get('x-api-key') ?? null;
}

/** `OTEL_EXPORTER_OTLP_HEADERS` is percent-encoded, and some exporters send it as it is. */
function decoded(credentials: string): string {
  return credentials.replace(/^Bearer%20/i, '');
}

/** @param limitFailures counts unknown keys by address */
export function authenticateService(find: FindServiceKey, limitFailures: RequestHandler): RequestHandler {
  return async (req, res, next) => {
    const key = serviceKeyOf(req);
    const found = key === null || key.length > 200 ? null : await find(hashServiceKey(key));
    if (found === null) {
      const error = badKey(key);
      limitFailures(req, res, (limited?: unknown) => next(limited ?? error));
      return;
    }
    res.locals.service = found;
    next();
  };
}

/** The service that `authenticateService` found; undefined: the request has the token of a user. */
export function serviceOf(res: Response): ServiceCaller | undefined {
  return res.locals.service;
}

function badKey(key: string | null): Problem {
  const why =
    key === null
      ? 'No key was sent.'
      : looksLikeServiceKey(key)
        ? 'The key is unknown or revoked.'
        : 'This is not the key of a service.';
  return new Problem('unauthorized', {
    detail: `${why} Send "Authorization: Bearer KEY"; the operator makes a key with: cli -- services add NAME.`,
    headers: { 'WWW-Authenticate': 'Bearer realm="rag-observatory"' },
  });
}
