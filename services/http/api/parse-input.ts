/** Parses bodies, parameters and headers with a schema. What does not match is a 400 that names the field. */
import express, { type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import { badField, type FieldError, Problem, tooLarge } from './problem.ts';

const usualLimitBytes = 65_536;
const shownErrors = 20;
const shownCharacters = 64;

export const formType = 'application/x-www-form-urlencoded';

/**
 * Reads the body as bytes.
 * @param types the accepted media types. A body without one is accepted too.
 */
export function readBody(types: readonly string[], limitBytes = usualLimitBytes): RequestHandler[] {
  const refuseOtherTypes: RequestHandler = (req, _res, next) => {
    const [type = '', ...parameters] = (req.headers['content-type'] ?? '').toLowerCase().split(';');
    const charset = parameters.map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)/.exec(parameter)?.[1]).find(Boolean);
    if (type.trim() !== '' && !types.includes(type.trim())) throw new Problem('unsupported-media-type');
    if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') throw new Problem('unsupported-media-type');
    next();
  };
  // The reader reports this only after the client has sent the whole body. It has to on a connection that closes after the
  // response, because closing it while the client sends would lose the response.
  const refuseLongBodies: RequestHandler = (req, res, next) => {
    const isTooLong = Number(req.headers['content-length'] ?? 0) > limitBytes;
    if (isTooLong && res.shouldKeepAlive) throw tooLarge(limitBytes);
    next();
  };
  return [refuseOtherTypes, refuseLongBodies, express.raw({ limit: limitBytes, inflate: false, type: () => true })];
}

/** @throws {Problem} if the body is empty or not UTF-8 */
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
  if (req.is(formType)) return parse(schema, formFields(text, schema), 'body');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the body, which must not reach logs.
    throw badField('body', 'is not JSON');
  }
  return parse(schema, value, 'body');
}

/** One item of a list that is parsed item by item. @returns the fields that do not match */
export function parseItem<T>(value: unknown, schema: z.ZodType<T>): T | Problem {
  try {
    return parse(schema, value, 'turn');
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

export function parseQuery<T>(req: Request, schema: z.ZodType<T>): T {
  return parse(schema, { ...req.query }, 'query');
}

/** @param unknown the problem of a path that does not match */
export function parseParams<T>(req: Request, schema: z.ZodType<T>, unknown?: 'not-found'): T {
  if (unknown !== undefined && !schema.safeParse({ ...req.params }).success) throw new Problem(unknown);
  return parse(schema, { ...req.params }, 'path');
}

/** A header that was sent more than once is a list, which no string schema accepts. */
export function parseHeaders<T>(req: Request, schema: z.ZodObject & z.ZodType<T>): T {
  const sent = Object.keys(schema.shape).map((name) => {
    const values = req.headersDistinct[name.toLowerCase()] ?? [];
    return [name, values.length > 1 ? values : values[0]];
  });
  return parse(schema, Object.fromEntries(sent), 'headers');
}

/** The fields that the schema knows. A form may carry others for the page it comes from. */
function formFields(text: string, schema: z.ZodType): unknown {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const sent = new URLSearchParams(text);
  return Object.fromEntries(known.flatMap((name) => (sent.has(name) ? [[name, sent.get(name)]] : [])));
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
    return issue.keys.map((key) => ({ field: shorten(key), message: 'is unknown; remove it' }));
  }
  return [{ field: issue.path.length === 0 ? whole : shorten(issue.path.join('.')), message: issue.message }];
}

function shorten(name: string): string {
  return name.length <= shownCharacters ? name : `${name.slice(0, shownCharacters)}…`;
}
