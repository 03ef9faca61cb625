/** Assembles the HTTP interface: middleware, routes, pages, errors. Start reading here; routes/routes.ts lists the routes. */
import express, { type Express, type IRouter, type RequestHandler } from 'express';
import { Problem } from './api/problem.ts';
import { createFindCaller, type FindCaller, type MeasureAuthentication } from './auth/authenticate.ts';
import { cacheServiceKeys, type FindServiceKey } from './auth/authenticate-service.ts';
import { createLocalDemo, type LocalDemo } from './auth/local-demo.ts';
import { logAuthEvents } from './auth/log-auth-events.ts';
import { cacheUsers, type EnsureUser } from './auth/user-cache.ts';
import { type AuthSettings, createVerifyToken } from './auth/verify-token.ts';
import { writeAccessLog } from './middleware/access-log.ts';
import { countQuestions, type MeasureQuestionEnd } from './middleware/count-questions.ts';
import { allowOrigins } from './middleware/cross-origin.ts';
import { type ErrorReporting, handleErrors } from './middleware/error-handler.ts';
import { createGuards } from './middleware/guards.ts';
import { type NoteRefusal, noteRefusals } from './middleware/note-refusals.ts';
import { limitPublic } from './middleware/rate-limit.ts';
import { recogniseProbe } from './middleware/recognise-probe.ts';
import { refuseOddRequests } from './middleware/refuse-odd-requests.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { trustedProxies } from './middleware/trusted-proxies.ts';
import { openApiDocument } from './openapi.ts';
import { mountRoute, mountRoutes } from './router.ts';
import type { Drain } from './routes/health.ts';
import { oneExportPerUser } from './routes/me/one-export.ts';
import { sendOpenAiErrors } from './routes/openai/errors.ts';
import { type RouteDependencies, routes } from './routes/routes.ts';

export type HttpSettings = {
  /** The listen address. Local visitors are signed in only if it is a loopback address. */
  readonly host: string;
  /** The raw value of TRUST_PROXY. */
  readonly trustProxy: string | undefined;
  readonly geoHeader: string | undefined;
  /** Origins whose pages may call the API with a token; `*`: all. Empty: none but our own. */
  readonly corsOrigins?: readonly string[];
  /** Undefined: there is no probe. */
  readonly probeKey?: string | undefined;
  readonly rateLimitPerMinute: number;
  /** Milliseconds between the comments of a stream. */
  readonly heartbeatMs: number;
  /** Whether the embedded database is used. */
  readonly embedded: boolean;
  readonly auth: AuthSettings;
};

/** What pages need: the visitor, and the sign-in of local visitors. */
export type PageContext = LocalDemo & {
  readonly findCaller: FindCaller;
  readonly mountRoute: typeof mountRoute;
  /** Limits requests by address. */
  readonly limit: RequestHandler;
};

/** The functions that routes call, apart from those that the app itself creates. */
export type AppDependencies = Omit<
  RouteDependencies,
  'ensureUser' | 'forget' | 'verifyToken' | 'openApi' | 'heartbeatMs'
> &
  ErrorReporting & {
    readonly ensureUser: EnsureUser;
    /** Called with the authentication time of each question. */
    readonly measureAuthentication: MeasureAuthentication;
    /** Called once for each question that arrives. */
    readonly measureQuestionEnd: MeasureQuestionEnd;
    readonly findServiceKey: FindServiceKey;
    readonly settings: HttpSettings;
    readonly noteRefusal: NoteRefusal;
    /** Mounts the pages, after the API. */
    readonly pages?: (router: IRouter, context: PageContext) => void;
  };

/** @throws {Error} naming TRUST_PROXY if its value is invalid */
export function createApp(deps: AppDependencies): Express {
  const { settings, log, clock, now, drain } = deps;
  const verifyToken = createVerifyToken(settings.auth, clock, logAuthEvents(log));
  const findCaller = createFindCaller(verifyToken, settings.geoHeader);
  const { measureAuthentication } = deps;
  const guards = createGuards({
    findCaller,
    findServiceKey: cacheServiceKeys(deps.findServiceKey, clock),
    measureAuthentication,
    rateLimitPerMinute: settings.rateLimitPerMinute,
    clock,
  });

  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.set('trust proxy', trustedProxies(settings.trustProxy));
  app.use(writeAccessLog(log, clock), securityHeaders(), closeWhileDraining(drain), refuseOddRequests);
  app.use(noteRefusals(deps.noteRefusal));
  app.use(['/api', '/v1', '/openapi.json', '/problems'], allowOrigins(settings.corsOrigins ?? []));
  app.use(['/api', '/v1', '/session'], noStore);
  app.use('/v1', sendOpenAiErrors);
  app.use('/api/ai/chat', recogniseProbe(settings.probeKey));
  app.use(['/api/ai/chat', '/v1/chat/completions'], countQuestions(deps.measureQuestionEnd, clock));
  const users = cacheUsers(deps.ensureUser, clock);
  mountRoutes(app, routes, guards, {
    ...deps,
    ...users,
    exportMe: oneExportPerUser(deps.exportMe),
    verifyToken,
    heartbeatMs: settings.heartbeatMs,
    openApi: openApiDocument(routes),
  });
  deps.pages?.(app, {
    ...createLocalDemo({ ...settings, now }),
    findCaller,
    mountRoute,
    limit: limitPublic(settings.rateLimitPerMinute),
  });

  app.use(() => {
    throw new Problem('not-found');
  });
  app.use(handleErrors(deps));
  return app;
}

const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

/** Makes clients with keep-alive connections reconnect to another instance. */
function closeWhileDraining(drain: Readonly<Drain>): RequestHandler {
  return (_req, res, next) => {
    if (drain.begun) res.set('Connection', 'close');
    next();
  };
}
