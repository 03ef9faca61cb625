/** The chart's own files, without Helm: values name the variables that the programs read. */
import { globSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { compileArtifacts } from '../../alerts/compile-artifacts.ts';
import { chartFiles, chartFolder } from '../../deploy/helm/chart-files.ts';
import { loadConfig } from '../../services/config.ts';

const read = (file: string) => readFileSync(`${chartFolder}/${file}`, 'utf8');
const values = parse(read('values.yaml')) as {
  config: Record<string, string>;
  podSecurityContext: Record<string, unknown>;
};
const schema = JSON.parse(read('values.schema.json'));
const files = chartFiles();

/** Set by the image or the chart, or only meaningful with an embedded database. */
const notInConfig = [
  'DATA_DIR',
  'DATABASE_URL',
  'POSTGRES_PORT',
  'HOST',
  'PORT',
  'METRICS_HOST',
  'METRICS_PORT',
  'WORKER_METRICS_PORT',
  'LLM_API_KEY',
  'EMBEDDINGS_API_KEY',
  'RERANK_API_KEY',
  'PROBE_KEY',
  'PROBE_TOKEN',
  'PROBE_CLIENT_SECRET',
  'DOCUMENT_SERVER_API_KEY',
  'SLO_FILE',
  'PRICE_BOOK',
  'PRICE_DATA',
  'EXCHANGE_RATES',
];

test('the chart contains no other generated files', () => {
  expect(globSync(`${chartFolder}/files/**/*.*`).sort()).toEqual(files.map(({ path }) => path).sort());
});

test('rule groups have at most 20 rules and keep all of them', () => {
  const groupsOf = (text: string) => (parse(text) as { groups: { name: string; rules: unknown[] }[] }).groups;
  const shipped = files.filter(({ path }) => path.includes('/rules/')).flatMap(({ text }) => groupsOf(text));
  const original = compileArtifacts()
    .filter(({ path }) => path.endsWith('-rules.yml'))
    .flatMap(({ text }) => groupsOf(text));
  for (const { name, rules } of shipped) expect(rules.length, name).toBeLessThanOrEqual(20);
  expect(new Set(shipped.map(({ name }) => name)).size).toBe(shipped.length);
  expect(shipped.flatMap(({ rules }) => rules).length).toBe(original.flatMap(({ rules }) => rules).length);
});

test('the chart fits twice into the Secret in which Helm keeps a release', () => {
  const chart = globSync(`${chartFolder}/**/*.*`).map((file) => readFileSync(file, 'utf8'));
  expect((gzipSync(chart.join('')).length * 4) / 3).toBeLessThan(2 ** 19);
});

test('values name each variable of .env.example', () => {
  // DB_, GRAFANA_ and ALERT_ are for Compose only.
  const variables = [...readFileSync('.env.example', 'utf8').matchAll(/^(?!DB_|GRAFANA_|ALERT_)([A-Z_]+)=/gm)].map(
    ([, name]) => name ?? '',
  );
  expect(variables.length).toBeGreaterThan(25);
  expect(Object.keys(values.config)).toEqual(
    expect.arrayContaining(variables.filter((name) => !notInConfig.includes(name))),
  );
  expect(Object.keys(schema.properties.config.properties).sort()).toEqual(Object.keys(values.config).sort());
});

test('the programs read every variable of the values', () => {
  const config = loadConfig({});
  for (const name of Object.keys(values.config)) {
    expect(() => config.readKey(name), name).toThrow(/configures the service itself/);
  }
});

test('the chart installs the version of this repository', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(parse(read('Chart.yaml'))).toMatchObject({ appVersion: version, version });
});

test('the image names its user by number, the one that pods run as', () => {
  const [, uid, gid] = /^USER (\d+):(\d+)$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? [];
  expect(values.podSecurityContext).toMatchObject({
    runAsUser: Number(uid),
    runAsGroup: Number(gid),
    fsGroup: Number(gid),
  });
});

test('every value is in the schema, at every level', () => {
  const check = (value: unknown, node: Record<string, unknown>, path: string): void => {
    const reference = node.$ref as string | undefined;
    if (reference !== undefined) {
      check(value, schema.definitions[reference.split('/').at(-1) ?? ''], path);
      return;
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
    const properties = node.properties as Record<string, Record<string, unknown>> | undefined;
    if (properties === undefined) return;
    expect(node.additionalProperties, path).toBe(false);
    for (const [key, each] of Object.entries(value)) {
      expect(properties, `${path}.${key}`).toHaveProperty([key]);
      check(each, properties[key] ?? {}, `${path}.${key}`);
    }
  };
  check(values, schema, 'values');
});
