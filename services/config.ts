/** Parses the environment variables into a frozen Config. No other file reads process.env. */
import { resolve } from 'node:path';
import { environment } from './settings/environment.ts';

/** Whether a server runs on this machine, so that its operator is the operator of this service. */
function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Other programs read the names of proxies in lower case too. */
function proxyNames(set: Readonly<Record<string, string | undefined>>) {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;
  return Object.fromEntries(
    names.flatMap((name) => (set[name.toLowerCase()] ? [[name, set[name.toLowerCase()]]] : [])),
  );
}

export class ConfigError extends Error {
  /** The message is our own and quotes no user text, so it may be logged. */
  get safeMessage(): string {
    return this.message;
  }
}

export type Config = Readonly<ReturnType<typeof loadConfig>>;

/**
 * @param env variables by name; an empty value counts as unset
 * @throws {ConfigError} that lists every invalid variable, one per line
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>) {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse({ ...proxyNames(set), ...set });
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`Invalid environment variables:\n  ${lines.join('\n  ')}\nSee .env.example.`);
  }
  const e = parsed.data;
  return Object.freeze({
    dataDir: resolve(e.DATA_DIR),
    databaseUrl: e.DATABASE_URL,
    postgresPort: e.POSTGRES_PORT,
    host: e.HOST,
    port: e.PORT,
    metricsHost: e.METRICS_HOST,
    metricsPort: e.METRICS_PORT,
    workerMetricsPort: e.WORKER_METRICS_PORT,
    logLevel: e.LOG_LEVEL,
    model:
      e.LLM_BASE_URL && e.LLM_MODEL
        ? Object.freeze({
            baseUrl: e.LLM_BASE_URL,
            apiKey: e.LLM_API_KEY,
            headers: e.LLM_HEADERS ?? {},
            /** Whether the operator of this service also operates the model server. */
            trusted: e.LLM_TRUSTED,
            name: e.LLM_MODEL,
            timeoutMs: e.LLM_TIMEOUT_MS,
            maxAnswerMs: e.LLM_MAX_ANSWER_MS,
            silenceMs: e.LLM_SILENCE_MS,
            contextWindow: e.LLM_CONTEXT_WINDOW ?? null,
            temperature: e.LLM_TEMPERATURE,
            maxTokens: e.LLM_MAX_TOKENS ?? null,
            thinkingBlocks: e.LLM_THINKING_BLOCKS ?? [],
          })
        : null,
    embeddings:
      e.EMBEDDINGS_BASE_URL && e.EMBEDDINGS_MODEL
        ? Object.freeze({
            baseUrl: e.EMBEDDINGS_BASE_URL,
            apiKey: e.EMBEDDINGS_API_KEY,
            model: e.EMBEDDINGS_MODEL,
            trusted: e.EMBEDDINGS_TRUSTED ?? isLoopback(e.EMBEDDINGS_BASE_URL),
            prefixes: Object.freeze({
              ...(e.EMBEDDINGS_QUERY_PREFIX !== undefined && { question: prefix(e.EMBEDDINGS_QUERY_PREFIX) }),
              ...(e.EMBEDDINGS_PASSAGE_PREFIX !== undefined && { passage: prefix(e.EMBEDDINGS_PASSAGE_PREFIX) }),
            }),
            batchSize: e.EMBEDDINGS_BATCH_SIZE,
            requestsPerMinute: e.EMBEDDINGS_REQUESTS_PER_MINUTE ?? null,
            timeoutMs: e.EMBEDDINGS_TIMEOUT_MS,
          })
        : null,
    rerank:
      e.RERANK_BASE_URL && e.RERANK_MODEL
        ? Object.freeze({
            baseUrl: e.RERANK_BASE_URL,
            apiKey: e.RERANK_API_KEY,
            model: e.RERANK_MODEL,
            trusted: e.RERANK_TRUSTED ?? isLoopback(e.RERANK_BASE_URL),
            timeoutMs: e.RERANK_TIMEOUT_MS,
          })
        : null,
    /** Null: documents are read by the readers of this service only. */
    documentServer:
      e.DOCUMENT_SERVER_URL === undefined
        ? null
        : Object.freeze({
            kind: e.DOCUMENT_SERVER,
            baseUrl: e.DOCUMENT_SERVER_URL.replace(/\/+$/, ''),
            apiKey: e.DOCUMENT_SERVER_API_KEY ?? null,
            languages: e.DOCUMENT_SERVER_LANGUAGES?.split(/[+,]/) ?? [],
          }),
    /** By which the chat server recognises questions of the probe. Undefined: it has none. */
    probeKey: e.PROBE_KEY,
    /** What the worker asks every minute. Null: no probe. */
    probe:
      e.PROBE_URL && e.PROBE_KEY && e.PROBE_QUESTION
        ? Object.freeze({
            url: e.PROBE_URL,
            key: e.PROBE_KEY,
            question: e.PROBE_QUESTION,
            source: e.PROBE_SOURCE ?? null,
            token: e.PROBE_TOKEN ?? null,
            client:
              e.PROBE_TOKEN_URL && e.PROBE_CLIENT_ID && e.PROBE_CLIENT_SECRET
                ? { tokenUrl: e.PROBE_TOKEN_URL, id: e.PROBE_CLIENT_ID, secret: e.PROBE_CLIENT_SECRET }
                : null,
          })
        : null,
    judgeSampleRate: e.JUDGE_SAMPLE_RATE,
    priceBookFile: e.PRICE_BOOK,
    priceDataFile: e.PRICE_DATA,
    exchangeRatesFile: e.EXCHANGE_RATES,
    priceFallbackModel: e.PRICE_FALLBACK_MODEL,
    auth: Object.freeze({
      issuer: e.AUTH_ISSUER[0] ?? '',
      audience: e.AUTH_AUDIENCE[0] ?? '',
      otherIssuers: e.AUTH_ISSUER.slice(1),
      otherAudiences: e.AUTH_AUDIENCE.slice(1),
      jwksUrl: e.AUTH_JWKS_URL,
      clockTolerance: e.AUTH_CLOCK_TOLERANCE,
      /** Names of claims that the operator changed. */
      claims: Object.freeze({
        ...(e.SUBJECT_CLAIM && { subject: e.SUBJECT_CLAIM }),
        ...(e.ROLES_CLAIM && { roles: e.ROLES_CLAIM }),
        ...(e.GROUPS_CLAIM && { groups: e.GROUPS_CLAIM }),
        ...(e.EMAIL_CLAIM && { email: e.EMAIL_CLAIM }),
        ...(e.NAME_CLAIM && { name: e.NAME_CLAIM }),
        ...(e.TENANT_CLAIM && { tenant: e.TENANT_CLAIM }),
      }),
      roleMap: e.ROLE_MAP ?? [],
    }),
    corsOrigins: e.CORS_ORIGINS ?? [],
    /** The proxy for requests of this service. */
    proxy: Object.freeze({ http: e.HTTP_PROXY, https: e.HTTPS_PROXY, except: e.NO_PROXY }),
    trustProxy: e.TRUST_PROXY,
    traceparentTrusted: e.TRACEPARENT_TRUSTED,
    geoHeader: e.GEO_HEADER,
    sourceRoots: e.SOURCE_ROOTS,
    commercialUse: e.COMMERCIAL_USE,
    rateLimitPerMinute: e.RATE_LIMIT_PER_MINUTE,
    heartbeatMs: e.SSE_HEARTBEAT_MS,
    recordDeadlineMs: e.RECORD_DEADLINE,
    intakeQuietMs: e.INTAKE_QUIET_MS,
    erasureReplayMs: e.ERASURE_REPLAY_DAYS * 86_400_000,
    /** Undefined: dialogues are kept forever. */
    dialogueRetentionDays: e.DIALOGUE_RETENTION_DAYS,
    /** Undefined: no reconciliation with Prometheus, and alert status is unknown. */
    prometheusUrl: e.PROMETHEUS_URL,
    /** Undefined: the shipped slo.yaml. Read at the start, before the configuration. */
    sloFile: e.SLO_FILE,
    /** Of the deployment's own series in that Prometheus. */
    prometheusLabels: labelsOf(e.PROMETHEUS_LABELS ?? ''),
    /** Whether npm started this process: npm sets the variable. */
    underNpm: e.npm_lifecycle_event !== undefined,
    /** Whether systemd keeps what is printed: it sets the variable. */
    isJournaled: set.JOURNAL_STREAM !== undefined,
    /**
     * Reads the API key of a content source from the variable it names; undefined: it is not set.
     * @throws {ConfigError} for the service's own variables: no source may read their secrets
     */
    readKey: (variable: string) => {
      if (variable in environment.shape || /^(PG|NODE_|OTEL_)/.test(variable)) {
        throw new ConfigError(
          `${variable} configures the service itself and cannot hold the API key of a source; use another name`,
        );
      }
      return set[variable];
    },
  });
}

/** An empty value counts as unset, so `none` stands for no prefix. */
function prefix(value: string): string {
  return value === 'none' ? '' : value;
}

/** `env=production,namespace=rag` */
function labelsOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(pairs.map((pair) => pair.split('=').map((part) => part.trim())));
}
