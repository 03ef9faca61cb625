/** The environment variables: their forms and their defaults. `services/config.ts` reads them. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { list, origins, roleMap } from './identity.ts';
import { requestHeaders } from './request-headers.ts';

/** Digits only: Number() would also accept 1e3, 0x10 and blanks. */
function integer(min: number, max: number, unit = '') {
  const error = `must be a whole number from ${min} to ${max}${unit && ` (${unit})`}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, error)
    .transform(Number)
    .refine((value) => value >= min && value <= max, error);
}

function fraction(min: number, max: number) {
  const error = `must be a number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, error)
    .transform(Number)
    .refine((value) => value >= min && value <= max, error);
}

/** The nightly rollup recomputes the last seven days, so their dialogues must be there. */
const minRetentionDays = 7;
const port = integer(1, 65_535);
const milliseconds = integer(1, 3_600_000, 'milliseconds');
const boolean = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
/** Whether user and password can be percent-decoded, as they are before they are sent. */
function hasValidEscapes(url: string | undefined): boolean {
  if (url === undefined) return true;
  const { username, password } = new URL(url);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

const optionalUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' })
  .optional();
const proxyUrl = z
  .string()
  .transform((text) => (text.includes('://') ? text : `http://${text}`))
  .pipe(z.url({ protocol: /^https?$/, error: 'must be the URL of a proxy, such as http://proxy.example:3128' }))
  .optional();
/** Pairs of an opening and a closing text, as in "<plan> </plan>, [[ ]]". */
const thinkingBlocks = z
  .string()
  .regex(
    /^\s*\S+\s+\S+\s*(,\s*\S+\s+\S+\s*)*$/,
    'must be pairs of an opening and a closing text: <plan> </plan>, [[ ]]',
  )
  .transform((pairs) =>
    pairs.split(',').map((pair) => {
      const [open = '', close = ''] = pair.trim().split(/\s+/);
      return { open, close };
    }),
  );
/** Separated by commas. */
const absolutePaths = z
  .string()
  .transform((paths) => paths.split(',').map((path) => path.trim()))
  .refine((paths) => paths.every((path) => isAbsolute(path)), 'must be absolute paths, separated by commas');
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const environment = z
  .object({
    DATA_DIR: z.string().default('.data'),
    DATABASE_URL: z
      .url({ protocol: /^postgres(ql)?$/, error: 'must be a URL that begins with postgres://' })
      .optional(),
    POSTGRES_PORT: port.optional(),
    HOST: z.string().default('127.0.0.1'),
    PORT: port.default(3000),
    METRICS_HOST: z.string().default('127.0.0.1'),
    METRICS_PORT: port.default(9464),
    WORKER_METRICS_PORT: port.default(9465),
    LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
    LLM_BASE_URL: optionalUrl.refine(hasValidEscapes, 'has a % in its user or password; write it as %25'),
    LLM_API_KEY: z.string().optional(),
    LLM_HEADERS: requestHeaders.optional(),
    LLM_TRUSTED: boolean.default(false),
    LLM_MODEL: z.string().optional(),
    LLM_TIMEOUT_MS: milliseconds.default(30_000),
    LLM_MAX_ANSWER_MS: milliseconds.default(600_000),
    LLM_SILENCE_MS: integer(1, 300_000, 'milliseconds').default(120_000),
    LLM_MAX_TOKENS: integer(1, 1_000_000, 'tokens').optional(),
    LLM_THINKING_BLOCKS: thinkingBlocks.optional(),
    LLM_CONTEXT_WINDOW: integer(1, 100_000_000, 'tokens').optional(),
    LLM_TEMPERATURE: fraction(0, 2).default(0.2),
    EMBEDDINGS_BASE_URL: optionalUrl,
    EMBEDDINGS_MODEL: z.string().optional(),
    EMBEDDINGS_API_KEY: z.string().optional(),
    EMBEDDINGS_TRUSTED: boolean.optional(),
    EMBEDDINGS_QUERY_PREFIX: z.string().optional(),
    EMBEDDINGS_PASSAGE_PREFIX: z.string().optional(),
    EMBEDDINGS_BATCH_SIZE: integer(1, 2_048, 'texts').default(16),
    EMBEDDINGS_REQUESTS_PER_MINUTE: integer(1, 1_000_000).optional(),
    EMBEDDINGS_TIMEOUT_MS: milliseconds.default(2_000),
    RERANK_BASE_URL: optionalUrl,
    RERANK_MODEL: z.string().optional(),
    RERANK_API_KEY: z.string().optional(),
    RERANK_TRUSTED: boolean.optional(),
    RERANK_TIMEOUT_MS: milliseconds.default(2_000),
    DOCUMENT_SERVER_URL: optionalUrl,
    DOCUMENT_SERVER: z.enum(['tika', 'docling'], 'must be tika or docling').default('tika'),
    DOCUMENT_SERVER_API_KEY: z.string().optional(),
    DOCUMENT_SERVER_LANGUAGES: z
      .string()
      .regex(/^[\w-]+([+,][\w-]+)*$/, 'must be languages as the server names them: jpn+eng (Tika) or ja,en (Docling)')
      .optional(),
    JUDGE_SAMPLE_RATE: fraction(0, 1).default(0.1),
    PRICE_BOOK: z.string().optional(),
    PRICE_DATA: z.string().optional(),
    EXCHANGE_RATES: z.string().optional(),
    PRICE_FALLBACK_MODEL: z.string().optional(),
    PROBE_URL: optionalUrl,
    PROBE_KEY: z.string().min(24, 'must have at least 24 characters').optional(),
    PROBE_QUESTION: z.string().optional(),
    PROBE_SOURCE: z.string().optional(),
    PROBE_TOKEN: z.string().optional(),
    PROBE_TOKEN_URL: optionalUrl,
    PROBE_CLIENT_ID: z.string().optional(),
    PROBE_CLIENT_SECRET: z.string().optional(),
    PROMETHEUS_URL: optionalUrl.refine(hasValidEscapes, 'has a % in its user or password; write it as %25'),
    SLO_FILE: z.string().optional(),
    PROMETHEUS_LABELS: z
      .string()
      .regex(
        /^\s*([a-zA-Z_]\w*=[^,=]+)(,\s*[a-zA-Z_]\w*=[^,=]+)*$/,
        'must be labels with values: env=production,namespace=rag',
      )
      .optional(),
    npm_lifecycle_event: z.string().optional(),
    AUTH_ISSUER: list.default(['rag-observatory-development']),
    AUTH_AUDIENCE: list.default(['rag-observatory']),
    AUTH_JWKS_URL: optionalUrl,
    AUTH_CLOCK_TOLERANCE: integer(0, 300, 'seconds').default(30),
    SUBJECT_CLAIM: list.optional(),
    ROLES_CLAIM: list.optional(),
    GROUPS_CLAIM: list.optional(),
    EMAIL_CLAIM: list.optional(),
    NAME_CLAIM: list.optional(),
    TENANT_CLAIM: list.optional(),
    ROLE_MAP: roleMap.optional(),
    CORS_ORIGINS: origins.optional(),
    HTTPS_PROXY: proxyUrl,
    HTTP_PROXY: proxyUrl,
    NO_PROXY: z.string().optional(),
    TRUST_PROXY: z
      .string()
      .refine(
        (value) => value !== 'true',
        'must not be true, which believes the X-Forwarded-For of every client; set the number of proxies or their addresses',
      )
      .optional(),
    TRACEPARENT_TRUSTED: z.string().optional(),
    GEO_HEADER: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, 'must be the name of an HTTP header')
      .optional(),
    SOURCE_ROOTS: absolutePaths.default([]),
    COMMERCIAL_USE: boolean.default(false),
    RATE_LIMIT_PER_MINUTE: integer(1, 1_000_000).default(60),
    SSE_HEARTBEAT_MS: integer(100, 300_000, 'milliseconds').default(15_000),
    RECORD_DEADLINE: milliseconds.default(15_000),
    INTAKE_QUIET_MS: integer(100, 60_000, 'milliseconds').default(10_000),
    ERASURE_REPLAY_DAYS: integer(1, 3_650, 'days').default(35),
    DIALOGUE_RETENTION_DAYS: integer(minRetentionDays, 36_500, 'days; the rollup needs at least seven').optional(),
  })
  .superRefine((env, context) => {
    if (env.LLM_BASE_URL && !env.LLM_MODEL) {
      context.addIssue({ code: 'custom', path: ['LLM_MODEL'], message: 'is required when LLM_BASE_URL is set' });
    }
    if (!env.LLM_BASE_URL && (env.LLM_MODEL || env.LLM_API_KEY)) {
      context.addIssue({
        code: 'custom',
        path: ['LLM_BASE_URL'],
        message: 'is required when LLM_MODEL or LLM_API_KEY is set',
      });
    }
    for (const server of ['EMBEDDINGS', 'RERANK'] as const) {
      if (env[`${server}_BASE_URL`] && !env[`${server}_MODEL`]) {
        const message = `is required when ${server}_BASE_URL is set`;
        context.addIssue({ code: 'custom', path: [`${server}_MODEL`], message });
      }
      if (!env[`${server}_BASE_URL`] && (env[`${server}_MODEL`] || env[`${server}_API_KEY`])) {
        const message = `is required when ${server}_MODEL or ${server}_API_KEY is set`;
        context.addIssue({ code: 'custom', path: [`${server}_BASE_URL`], message });
      }
    }
    for (const [name, needed] of [
      ['PROBE_URL', ['PROBE_KEY', 'PROBE_QUESTION']],
      ['PROBE_TOKEN_URL', ['PROBE_CLIENT_ID', 'PROBE_CLIENT_SECRET']],
    ] as const) {
      for (const path of needed.filter((each) => env[name] !== undefined && env[each] === undefined)) {
        context.addIssue({ code: 'custom', path: [path], message: `is required when ${name} is set` });
      }
    }
    if (env.PROBE_URL && !env.PROBE_TOKEN && !env.PROBE_TOKEN_URL) {
      const message = 'or PROBE_TOKEN_URL is required when PROBE_URL is set: the probe signs in like a user';
      context.addIssue({ code: 'custom', path: ['PROBE_TOKEN'], message });
    }
    if (env.GEO_HEADER && (env.TRUST_PROXY ?? 'false') === 'false') {
      context.addIssue({
        code: 'custom',
        path: ['GEO_HEADER'],
        message: 'needs TRUST_PROXY: without a proxy, every client writes this header itself',
      });
    }
  });
