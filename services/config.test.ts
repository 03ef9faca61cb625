import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

function refusal(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

test('without any variable every value is the documented default', () => {
  expect(loadConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    metricsPort: 9464,
    workerMetricsPort: 9465,
    databaseUrl: undefined,
    model: null,
    recordDeadlineMs: 15_000,
    intakeQuietMs: 10_000,
    commercialUse: false,
    rateLimitPerMinute: 60,
  });
});

test('an empty value counts as unset, as in .env.example', () => {
  expect(loadConfig({ DATABASE_URL: '', LLM_BASE_URL: '', PORT: '' })).toMatchObject({ port: 3000, model: null });
});

test.each([
  [{ PORT: 'abc' }, 'PORT: must be a whole number from 1 to 65535'],
  [{ PORT: '0' }, 'PORT: must be a whole number from 1 to 65535'],
  [{ METRICS_PORT: '70000' }, 'METRICS_PORT: must be a whole number'],
  [{ POSTGRES_PORT: '5e3' }, 'POSTGRES_PORT: must be a whole number'],
  [{ DATABASE_URL: 'mysql://localhost/x' }, 'DATABASE_URL: must be a URL that begins with postgres://'],
  [{ PROMETHEUS_URL: 'http://sre:50%@127.0.0.1:9090' }, 'PROMETHEUS_URL: has a % in its user or password'],
  [{ LLM_BASE_URL: 'localhost:11434', LLM_MODEL: 'm' }, 'LLM_BASE_URL: must be a URL'],
  [{ LLM_BASE_URL: 'http://localhost:11434/v1' }, 'LLM_MODEL: is required when LLM_BASE_URL is set'],
  [{ LLM_API_KEY: 'a-secret' }, 'LLM_BASE_URL: is required'],
  [{ EMBEDDINGS_BASE_URL: 'http://localhost:8080/v1' }, 'EMBEDDINGS_MODEL: is required when EMBEDDINGS_BASE_URL'],
  [{ RERANK_API_KEY: 'a-secret' }, 'RERANK_BASE_URL: is required'],
  [{ EMBEDDINGS_BATCH_SIZE: '0' }, 'EMBEDDINGS_BATCH_SIZE: must be a whole number from 1 to 2048'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: must be one of fatal'],
  [{ JUDGE_SAMPLE_RATE: '1.5' }, 'JUDGE_SAMPLE_RATE: must be a number from 0 to 1'],
  [{ RECORD_DEADLINE: '-1' }, 'RECORD_DEADLINE: must be a whole number'],
  [{ AUTH_JWKS_URL: 'ftp://lms' }, 'AUTH_JWKS_URL: must be a URL'],
  [{ COMMERCIAL_USE: 'yes' }, 'COMMERCIAL_USE: must be true or false'],
  [{ PROMETHEUS_LABELS: 'production' }, 'PROMETHEUS_LABELS: must be labels with values: env=production'],
  [{ GEO_HEADER: 'x y' }, 'GEO_HEADER: must be the name of an HTTP header'],
])('%j is rejected with the name of the variable and its valid values', (env, message) => {
  expect(refusal(env)).toContain(message);
  expect(refusal(env)).not.toContain('a-secret');
});

test('labels of this deployment are read as pairs', () => {
  expect(loadConfig({ PROMETHEUS_LABELS: 'env=production, namespace=rag' }).prometheusLabels).toEqual({
    env: 'production',
    namespace: 'rag',
  });
  expect(loadConfig({}).prometheusLabels).toEqual({});
});

test('all invalid values are reported at once', () => {
  expect(refusal({ PORT: 'x', HOST: '::1', METRICS_PORT: 'y' }).match(/^ {2}\w+: /gm)).toEqual([
    '  PORT: ',
    '  METRICS_PORT: ',
  ]);
});

test.each([
  ['http://127.0.0.1:8080/v1', {}, true],
  ['http://localhost:8080/v1', {}, true],
  ['http://[::1]:8080/v1', {}, true],
  ['https://api.openai.com/v1', {}, false],
  ['http://127.example.org/v1', {}, false],
  ['http://tei.internal/v1', { EMBEDDINGS_TRUSTED: 'true' }, true],
  ['http://127.0.0.1:8080/v1', { EMBEDDINGS_TRUSTED: 'false' }, false],
])('the embeddings server at %s with %j is trusted: %s', (EMBEDDINGS_BASE_URL, more, trusted) => {
  expect(loadConfig({ EMBEDDINGS_BASE_URL, EMBEDDINGS_MODEL: 'm', ...more }).embeddings).toMatchObject({ trusted });
});

test('a prefix of an embedding model is kept as it is, and "none" is no prefix', () => {
  const prefixes = { EMBEDDINGS_QUERY_PREFIX: 'q: ', EMBEDDINGS_PASSAGE_PREFIX: 'none' };
  const server = { EMBEDDINGS_BASE_URL: 'http://localhost:1/v1', EMBEDDINGS_MODEL: 'm' };
  expect(loadConfig({ ...server, ...prefixes }).embeddings?.prefixes).toEqual({ question: 'q: ', passage: '' });
  expect(loadConfig(server).embeddings?.prefixes).toEqual({});
});

test('a header of the country needs a proxy that writes it, and TRUST_PROXY=true names none', () => {
  expect(() => loadConfig({ GEO_HEADER: 'X-Country' })).toThrow(/GEO_HEADER: needs TRUST_PROXY/);
  expect(() => loadConfig({ GEO_HEADER: 'X-Country', TRUST_PROXY: 'false' })).toThrow(/GEO_HEADER: needs TRUST_PROXY/);
  expect(() => loadConfig({ TRUST_PROXY: 'true' })).toThrow(/TRUST_PROXY: must not be true/);
  expect(loadConfig({ GEO_HEADER: 'X-Country', TRUST_PROXY: '1' }).geoHeader).toBe('X-Country');
});

test('systemd is recognised by the variable that it sets', () => {
  expect([loadConfig({}).isJournaled, loadConfig({ JOURNAL_STREAM: '8:1234' }).isJournaled]).toEqual([false, true]);
});
