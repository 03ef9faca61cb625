/** Puts the HTTP interface together: READ THIS FIRST for what is served, to whom and in which order it is checked. */
import express, { type Express, type IRouter, type RequestHandler } from 'express';
import type { ReadPrometheusStatus } from '../slo/slo-status.ts';
import { readBody } from './api/parse-input.ts';
import { Problem } from './api/problem.ts';
import {
  authenticate,
  createFindCaller,
  type FindCaller,
  type MeasureAuthentication,
  requireAdmin,
  timed,
} from './auth/authenticate.ts';
import { createLocalDemo, type LocalDemo } from './auth/local-demo.ts';
import { type EnsureUser, rememberUsers } from './auth/user-cache.ts';
import { type AuthSettings, createVerifyToken } from './auth/verify-token.ts';
import { writeAccessLog } from './middleware/access-log.ts';
import { type Answer, answerErrors } from './middleware/error-handler.ts';
import { limitByAddress, limitByUser } from './middleware/rate-limit.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { trustedProxies } from './middleware/trusted-proxies.ts';
import { openApiDocument } from './openapi/document.ts';
import { mountRoute } from './router.ts';
import {
  listExpiring,
  listProvenance,
  type ReadExpiringContent,
  type ReadProvenance,
} from './routes/admin/provenance.ts';
import {
  type ReadRagMetrics,
  type ReadRagMetricsHistory,
  showRagMetrics,
  showRagMetricsHistory,
} from './routes/admin/rag-metrics.ts';
import { listAlerts, type ReadOverview, showErrorBudgets } from './routes/admin/slo-status.ts';
import { changePlugin, checkPluginHealth, listPlugins, type Plugins, requestSync } from './routes/admin/sources.ts';
import { type FindWorstAnswers, listWorstAnswers } from './routes/admin/worst-answers.ts';
import { answerQuestion, type ChatRoute } from './routes/chat.ts';
import { listDialogues, type ReadHistory } from './routes/dialogues.ts';
import { type SaveVote, takeVote } from './routes/feedback.ts';
import { type Drain, type Ready, showHealth, showReadiness } from './routes/health.ts';
import { type EraseMe, eraseMe } from './routes/me/erase.ts';
import { exportMe, type ReadExport } from './routes/me/export.ts';
import { explainProblem } from './routes/problems.ts';
import { formType, signIn, signOut } from './routes/session.ts';

export type HttpSettings = {
  /** The address listened on; whether the page lets people in by itself depends on it. */
  readonly host: string;
  /** TRUST_PROXY as it was given. */
  readonly trustProxy: string | undefined;
  readonly geoHeader: string | undefined;
  readonly rateLimitPerMinute: number;
  /** Whether the database is our own, in DATA_DIR. */
  readonly embedded: boolean;
  readonly auth: AuthSettings;
};

/** What pages need: who looks at them, and the way in on this machine. */
export type PageContext = LocalDemo & {
  readonly findCaller: FindCaller;
  readonly mountRoute: typeof mountRoute;
};

export type AppDependencies = Omit<ChatRoute, 'forget' | 'ensureUser'> &
  Answer & {
    readonly ensureUser: EnsureUser;
    /** Told of each question: how long it took to find out who asks. */
    readonly measureAuthentication: MeasureAuthentication;
    readonly settings: HttpSettings;
    readonly vote: SaveVote;
    readonly history: ReadHistory;
    readonly exportMe: ReadExport;
    readonly eraseMe: EraseMe;
    readonly ragMetrics: ReadRagMetrics;
    readonly ragMetricsHistory: ReadRagMetricsHistory;
    readonly overview: ReadOverview;
    readonly watched: ReadPrometheusStatus;
    readonly worstAnswers: FindWorstAnswers;
    readonly provenance: ReadProvenance;
    readonly expiringContent: ReadExpiringContent;
    readonly plugins: Plugins;
    readonly ready: Ready;
    readonly drain: Readonly<Drain>;
    /** Milliseconds, monotonic. */
    readonly clock: () => number;
    /** Mounts the pages, after everything else. */
    readonly pages?: (router: IRouter, context: PageContext) => void;
  };

/** @throws {Error} naming TRUST_PROXY where it cannot be read */
export function createApp(deps: AppDependencies): Express {
  const { settings, log, clock, now, drain } = deps;
  const verify = createVerifyToken(settings.auth);
  const findCaller = createFindCaller(verify, settings.geoHeader);

  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.set('trust proxy', trustedProxies(settings.trustProxy));
  app.use(writeAccessLog(log, clock), securityHeaders(), closeWhileDraining(drain));
  app.use(['/api', '/session'], noStore);

  const perMinute = settings.rateLimitPerMinute;
  const failures = limitByAddress(perMinute);
  const signedIn = authenticate(findCaller, failures);
  const user = [signedIn, limitByUser(perMinute)];
  const admin = [...user, requireAdmin];
  const { ensureUser, forget } = rememberUsers(deps.ensureUser, clock);
  // Questions are counted apart, so that looking at answers takes none of them away.
  const ask = answerQuestion({ ...deps, ensureUser, forget });
  const asker = authenticate(timed(findCaller, deps.measureAuthentication, clock), failures);
  mountRoute(app, '/api/ai/chat', { post: [asker, limitByUser(perMinute), ...readBody(), ask] });
  mountRoute(app, '/api/ai/dialogues', { get: [...user, listDialogues(deps.history)] });
  mountRoute(app, '/api/ai/dialogues/:id/feedback', { post: [...user, ...readBody(), takeVote(deps.vote)] });
  mountRoute(app, '/api/me', { delete: [...user, eraseMe(deps.eraseMe, forget)] });
  mountRoute(app, '/api/me/export', { get: [...user, exportMe(deps.exportMe)] });
  mountRoute(app, '/api/admin/rag-metrics', { get: [...admin, showRagMetrics(deps.ragMetrics)] });
  mountRoute(app, '/api/admin/rag-metrics/history', { get: [...admin, showRagMetricsHistory(deps.ragMetricsHistory)] });
  mountRoute(app, '/api/admin/error-budgets', { get: [...admin, showErrorBudgets(deps.overview, deps.watched)] });
  mountRoute(app, '/api/admin/alerts', { get: [...admin, listAlerts(deps.watched)] });
  mountRoute(app, '/api/admin/worst-answers', { get: [...admin, listWorstAnswers(deps.worstAnswers)] });
  mountRoute(app, '/api/admin/provenance', { get: [...admin, listProvenance(deps.provenance)] });
  mountRoute(app, '/api/admin/provenance/expiring', { get: [...admin, listExpiring(deps.expiringContent)] });

  mountRoute(app, '/api/admin/plugins', { get: [...admin, listPlugins(deps.plugins)] });
  mountRoute(app, '/api/admin/plugins/:source', { patch: [...admin, ...readBody(), changePlugin(deps.plugins)] });
  mountRoute(app, '/api/admin/plugins/:source/health', { post: [...admin, checkPluginHealth(deps.plugins)] });
  mountRoute(app, '/api/admin/plugins/:source/sync', { post: [...admin, requestSync(deps.plugins)] });

  const formOrJson = readBody(['application/json', 'text/plain', formType]);
  mountRoute(app, '/session', { post: [limitByAddress(perMinute), ...formOrJson, signIn(verify)], delete: [signOut] });
  mountRoute(app, '/healthz', { get: [showHealth] });
  mountRoute(app, '/readyz', { get: [showReadiness(deps.ready, drain)] });
  mountRoute(app, '/openapi.json', { get: [showOpenApi()] });
  mountRoute(app, '/problems/:name', { get: [explainProblem] });
  deps.pages?.(app, { ...createLocalDemo({ ...settings, now }), findCaller, mountRoute });

  app.use(() => {
    throw new Problem('not-found');
  });
  app.use(answerErrors(deps));
  return app;
}

const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

/** Clients that keep their connection find the next server the sooner. */
function closeWhileDraining(drain: Readonly<Drain>): RequestHandler {
  return (_req, res, next) => {
    if (drain.begun) res.set('Connection', 'close');
    next();
  };
}

function showOpenApi(): RequestHandler {
  const document = openApiDocument();
  return (_req, res) => {
    res.json(document);
  };
}
