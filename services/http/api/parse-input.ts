/** Reads bodies and parameters against a schema; what does not fit is a 400 that names the field. */
import express, { type Request, type RequestHandler } from 'express';
import type { z } from 'zod';
import { badField, type FieldError, Problem } from './problem.ts';

const bodyLimitBytes = 65_536;
const shownErrors = 20;
const shownCharacters = 64;

/** Keeps the body as bytes. `fetch` labels a string text/plain, so that label is taken as well as none. */
export function readBody(types: readonly string[] = ['application/json', 'text/plain']): RequestHandler[] {
  const refuseOtherTypes: RequestHandler = (req, _res, next) => {
    const [type = '', ...parameters] = (req.headers['content-type'] ?? '').toLowerCase().split(';');
    const charset = parameters.map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)/.exec(parameter)?.[1]).find(Boolean);
    if (type.trim() !== '' && !types.includes(type.trim())) throw new Problem('unsupported-media-type');
    if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') throw new Problem('unsupported-media-type');
    next();
  };
  return [refuseOtherTypes, express.raw({ limit: bodyLimitBytes, inflate: false, type: () => true })];
}

/** The body's text. @throws {Problem} where it is no UTF-8 */
export function bodyText(req: Request): string {
  if (!Buffer.isBuffer(req.body) || req.body.length === 0) throw badField('body', 'is empty; send a JSON object');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(req.body);
  } catch (cause) {
    throw new Problem('bad-request', {
      detail: 'body is not UTF-8',
      errors: [{ field: 'body', message: 'is not UTF-8' }],
      cause,
    });
  }
}

export function parseBody<T>(req: Request, schema: z.ZodType<T>): T {
  const text = bodyText(req);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the body, so it goes no further.
    throw badField('body', 'is not JSON');
  }
  return parse(schema, value, 'body');
}

export function parseQuery<T>(req: Request, schema: z.ZodType<T>): T {
  return parse(schema, { ...req.query }, 'query');
}

export function parseParams<T>(req: Request, schema: z.ZodType<T>): T {
  return parse(schema, { ...req.params }, 'path');
}

function parse<T>(schema: z.ZodType<T>, value: unknown, whole: string): T {
  const parsed = schema.safeParse(value, { reportInput: false });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => fieldErrors(issue, whole)).slice(0, shownErrors);
  throw new Problem('bad-request', {
    detail: `${errors.map(({ field, message }) => `${field} ${message}`).join('; ')}. See /openapi.json.`,
    errors,
  });
}

function fieldErrors(issue: z.core.$ZodIssue, whole: string): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: shorten(key), message: 'is not known here; leave it out' }));
  }
  return [{ field: issue.path.length === 0 ? whole : shorten(issue.path.join('.')), message: issue.message }];
}

function shorten(name: string): string {
  return name.length <= shownCharacters ? name : `${name.slice(0, shownCharacters)}…`;
}
