/** Declares a route once: the app mounts it and the OpenAPI document describes it, both from the same declaration. */
import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { ProblemName } from './api/problem.ts';
import type { Caller } from './auth/authenticate.ts';
import type { ServiceCaller } from './auth/authenticate-service.ts';
import type { Access, SignedIn } from './middleware/guards.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The parsed request. What a route does not declare is undefined. */
export type RouteInput<Params, Query, Headers, Body, A extends Access> = {
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  readonly caller: A extends SignedIn ? Caller : undefined;
  /** Undefined with `service-or-admin`: an administrator. */
  readonly service: A extends 'service'
    ? ServiceCaller
    : A extends 'service-or-admin'
      ? ServiceCaller | undefined
      : undefined;
  /** Aborted when the client closes the connection before it has the whole response. */
  readonly signal: AbortSignal;
};

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** For handlers that stream, redirect or set headers. */
export type Exchange = { readonly req: Request; readonly res: Response };

/** Returned by a handler that has written its response itself. */
export const responseSent = Symbol('response sent');

type Declaration<Params, Query, Headers, Body, Reply, A extends Access, Handler> = {
  /** The operationId that clients are generated from. Never change it. */
  readonly id: string;
  readonly method: Method;
  /** In Express notation: `/api/ai/dialogues/:id/feedback`. */
  readonly path: `/${string}`;
  readonly access: A;
  /** Runs before the caller is known, for example to choose how problems are sent. */
  readonly before?: readonly RequestHandler[];
  readonly summary: string;
  readonly description?: string;
  readonly params?: Params;
  /** Answered when the path does not match `params`. Absent: `bad-request`. */
  readonly unknownParams?: 'not-found';
  readonly query?: Query;
  readonly headers?: Headers;
  readonly body?: Body;
  /** Absent: 65,536 bytes. */
  readonly bodyLimitBytes?: number;
  /** Whether the body may also be an HTML form with the same fields. */
  readonly acceptsForm?: boolean;
  /** Of status 200. Absent: 204 without a body. */
  readonly response?: Reply;
  /** Absent: `application/json`. The handler of any other type writes the response itself. */
  readonly responseType?: string;
  /** Further media types of the response. */
  readonly alternatives?: Readonly<Record<string, { readonly example: string }>>;
  /** Besides those that follow from `access` and from the declared input. */
  readonly problems: readonly ProblemName[];
  readonly handler: Handler;
};

/** The problems of every route. */
export const commonProblems = [
  'method-not-allowed',
  'request-timeout',
  'headers-too-large',
  'internal',
] as const satisfies readonly ProblemName[];

/** The problems of every route with a body. */
export const bodyProblems = [
  'bad-request',
  'content-too-large',
  'unsupported-media-type',
] as const satisfies readonly ProblemName[];

/** A route whose schemas are known only at run time. `Deps`: what its handler needs. */
export type Route<Deps = never> = Declaration<
  z.ZodObject,
  z.ZodObject,
  z.ZodObject,
  z.ZodType,
  z.ZodType,
  Access,
  (input: never, deps: Deps, exchange: Exchange) => Promise<unknown>
>;

/**
 * Types the handler by the declared schemas: it gets the parsed input and returns what `response` describes.
 *
 * @example
 * defineRoute({ method: 'get', path: '/api/things', access: 'user', query: thingsQuery, response: things, …,
 *   handler: async ({ query, caller }, { readThings }: { readThings: ReadThings }) => readThings(caller, query) })
 */
export function defineRoute<
  A extends Access,
  Deps = unknown,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Headers extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  Reply extends z.ZodType | undefined = undefined,
>(
  declaration: Declaration<
    Params,
    Query,
    Headers,
    Body,
    Reply,
    A,
    (
      input: RouteInput<Parsed<Params>, Parsed<Query>, Parsed<Headers>, Parsed<Body>, A>,
      deps: Deps,
      exchange: Exchange,
    ) => Promise<Parsed<Reply> | typeof responseSent>
  >,
): Route<Deps> {
  return declaration as unknown as Route<Deps>;
}
