/** Serves the HTTP API on a free port, with functions in place of a database. */
import { randomUUID } from 'node:crypto';
import { type AppDependencies, createApp, type HttpSettings } from '../../../services/http/app.ts';
import { signDevelopmentToken } from '../../../services/http/auth/development-token.ts';
import { createHttpServer, type TimeLimits } from '../../../services/http/server.ts';
import { answeredTurn } from '../data/answered-turn.ts';

export const secret = 'a development secret for tests: 0123456789';
const issuer = 'the-lms';
const audience = 'rag-observatory';

type LogLine = {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
};

export type ServedApp = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  /** Templates of all served paths, including pages. */
  readonly routes: readonly string[];
  readonly log: readonly LogLine[];
  readonly server: ReturnType<typeof createHttpServer>;
};

type Options = Partial<Omit<AppDependencies, 'settings'>> & {
  readonly settings?: Partial<HttpSettings>;
  readonly limits?: TimeLimits;
};

export async function serveApp({ settings, limits, ...deps }: Options = {}): Promise<ServedApp> {
  const lines: LogLine[] = [];
  const write = (level: string) => (fields: LogLine['fields'], message: string) => {
    lines.push({ level, fields, message });
  };
  const drain = { begun: false };
  const notProvided = () => Promise.reject(new Error('this test does not provide this function'));
  const app = createApp({
    chat: async ({ id, sessionId, query, requester, askedAt }) =>
      answeredTurn({ id, sessionId, query, userId: requester.userId, askedAt }),
    observeFailure: () => {},
    measureAuthentication: () => {},
    measureQuestionEnd: () => {},
    ensureUser: async () => 'there',
    sessionOwnership: async () => 'unused',
    findSession: async () => undefined,
    reserve: notProvided,
    release: notProvided,
    vote: notProvided,
    history: notProvided,
    exportMe: () => {
      throw new Error('this test does not provide this function');
    },
    eraseMe: notProvided,
    ragMetrics: notProvided,
    ragMetricsHistory: notProvided,
    overview: notProvided,
    prometheusStatus: async () => ({ state: 'not_connected' }),
    worstAnswers: notProvided,
    findServiceKey: async () => null,
    services: {
      list: notProvided,
      add: notProvided,
      change: notProvided,
      remove: notProvided,
      keys: notProvided,
      addKey: notProvided,
      revokeKey: notProvided,
    },
    recordTurn: notProvided,
    voteOnTurn: notProvided,
    putDocuments: notProvided,
    forgetExternalUser: () => {},
    readUsage: () => null,
    receiveSpans: notProvided,
    receiveLogs: notProvided,
    limitExports: (run) => run(),
    noteRefusal: () => {},
    diagnoseService: notProvided,
    provenance: notProvided,
    expiringContent: notProvided,
    plugins: { list: notProvided, change: notProvided, checkHealth: notProvided, requestSync: notProvided },
    ready: async () => ({ ok: true }),
    checks: async () => [],
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    traceId: () => '0af7651916cd43dd8448eb211c80319c',
    now: () => new Date(),
    clock: () => performance.now(),
    drain,
    ...deps,
    settings: {
      host: '127.0.0.1',
      trustProxy: undefined,
      geoHeader: undefined,
      rateLimitPerMinute: 10_000,
      heartbeatMs: 15_000,
      embedded: false,
      auth: { issuer, audience, keys: { developmentSecret: secret } },
      ...settings,
    },
  });
  const server = createHttpServer(app, drain, limits);
  const port = await server.listen(0, '127.0.0.1');
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    routes: app.router.stack.flatMap(({ route }) => (route === undefined ? [] : [route.path])),
    log: lines,
    server,
    [Symbol.asyncDispose]: () => server.close(0),
  };
}

/** The authorization header of a user. */
export async function bearer(
  user: { id?: string; email?: string; role?: string } = {},
): Promise<{ authorization: string }> {
  const named = { ...user, id: user.id ?? randomUUID() };
  return {
    authorization: `Bearer ${await signDevelopmentToken({ secret, issuer, audience, user: named, now: new Date() })}`,
  };
}
