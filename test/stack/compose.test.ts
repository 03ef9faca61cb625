/** Checks the stack's files against the Compose Specification and each other, without Docker. */
import { existsSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { validate as lintDockerfile } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { loadConfig } from '../../services/config.ts';
import { timeLimits } from '../../services/runtime/timeouts.ts';
import { environment } from '../../services/settings/environment.ts';
import schema from './compose-spec.json' with { type: 'json' };
import {
  compose,
  composeText,
  environmentOf,
  exampleVariables,
  read,
  root,
  services,
  trialVariables,
  variablesIn,
} from './stack-files.ts';

const dockerfiles = ['Dockerfile', 'collector/Dockerfile'];
/** Variables that the stack sets itself, or that are meaningless in containers. */
const setByTheStack = ['DATABASE_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'PROMETHEUS_URL'];
const ofTheImage = ['DATA_DIR', 'HOST', 'METRICS_HOST'];
const outsideOnly = [
  'SLO_FILE',
  'POSTGRES_PORT',
  'METRICS_PORT',
  'WORKER_METRICS_PORT',
  'PRICE_BOOK',
  'PRICE_DATA',
  'EXCHANGE_RATES',
];

const volumesOf = (name: string) => (compose.services[name]?.volumes ?? []).map((volume) => volume.split(':'));
const isTask = (name: string) => compose.services[name]?.restart === 'no';

test('the compose file matches the schema of the Compose Specification', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, validateFormats: false });
  const valid = ajv.validate(schema, compose);
  expect(ajv.errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test('every mount exists, and every declared volume and network is used', () => {
  const used = new Set<string>();
  for (const [name] of services) {
    for (const [source = '', target, mode] of volumesOf(name)) {
      expect(target, name).toMatch(/^\//);
      if (!source.startsWith('.')) used.add(source);
      else {
        expect(existsSync(`${root}/${source}`), source).toBe(true);
        expect(mode, source).toBe('ro');
      }
    }
  }
  expect([...used].sort()).toEqual(Object.keys(compose.volumes).sort());
  const networks = new Set(services.flatMap(([, { networks = [] }]) => networks));
  expect([...networks].sort()).toEqual(Object.keys(compose.networks).sort());
});

test('every image has an exact version, or is built here and never pulled', () => {
  const built = new Set(services.filter(([, { build }]) => build !== undefined).map(([, { image }]) => image));
  for (const [name, { image, build, pull_policy }] of services.filter(([, { image }]) => built.has(image))) {
    expect(build !== undefined || pull_policy === 'never', `${name}: ${image}`).toBe(true);
  }
  const images = [
    ...services.map(([, { image }]) => image),
    ...dockerfiles.flatMap((file) => [...read(file).matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image)),
  ];
  expect(images.length).toBeGreaterThan(15);
  for (const image of images.filter((each) => !built.has(each)))
    expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)*$/);
});

test('of the monitored programs, none reaches Alertmanager', () => {
  const networksOf = (name: string) => compose.services[name]?.networks ?? [];
  const shared = (name: string) => networksOf(name).filter((each) => networksOf('alertmanager').includes(each));
  const others = services.map(([name]) => name).filter((name) => name !== 'alertmanager' && shared(name).length > 0);
  expect(others.sort()).toEqual(['grafana', 'prometheus']);
});

test('the database loads pg_stat_statements, which the dashboard of the database shows', () => {
  expect(compose.services.postgres?.command?.join(' ')).toContain('shared_preload_libraries=pg_stat_statements');
  expect(read('stack/postgres/prepare.sql')).toContain('create extension if not exists pg_stat_statements');
});

test('ports are published on loopback only', () => {
  const published = services.flatMap(([, { ports = [] }]) => ports);
  expect(published.length).toBe(4);
  for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  expect(new Set(published.map((port) => port.split(':').slice(0, -1).join())).size).toBe(4);
});

test.each(services)('%s writes only to its volumes, gains no privileges and has limits', (_name, service) => {
  expect(service.read_only).toBe(true);
  expect(service.cap_drop).toEqual(['ALL']);
  expect(service.security_opt).toEqual(['no-new-privileges:true']);
  expect(service.user ?? 'of the image').not.toMatch(/^(root|0)(:|$)/);
  const { cpus, memory, pids } = service.deploy.resources.limits;
  expect(Number(cpus)).toBeGreaterThan(0);
  expect(memory).toMatch(/^\d+[mg]$/);
  expect(pids).toBeGreaterThan(0);
});

test('every long-running service restarts and has a health check', () => {
  const inImage = new Set(services.filter(([, { build }]) => build !== undefined).map(([, { image }]) => image));
  for (const [name, { restart, image, healthcheck }] of services) {
    if (isTask(name)) continue;
    expect(restart, name).toBe('unless-stopped');
    expect(healthcheck?.test !== undefined || inImage.has(image), name).toBe(true);
  }
  for (const file of dockerfiles) expect(read(file)).toMatch(/^HEALTHCHECK /m);
});

test('services wait for tasks to complete and for programs to be healthy', () => {
  for (const [name, { depends_on = {} }] of services) {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      expect(compose.services, name).toHaveProperty(other);
      expect(condition, `${name} → ${other}`).toBe(
        isTask(other) ? 'service_completed_successfully' : 'service_healthy',
      );
    }
  }
});

test('the compose file and .env.example have the same variables', () => {
  // npm's own variable is in lower case and not the operator's.
  const ofPrograms = Object.keys(environment.shape).filter((name) => name === name.toUpperCase());
  const ofStack = variablesIn(composeText).map(({ name }) => name);
  expect(ofPrograms.length).toBeGreaterThan(20);
  const known = [...new Set([...ofPrograms, ...ofStack, 'OTEL_EXPORTER_OTLP_ENDPOINT'])].sort();
  expect(Object.keys(exampleVariables).sort()).toEqual(known);

  const passed = new Set([
    'PORT',
    ...['chat', 'worker'].flatMap((name) => Object.keys(compose.services[name]?.environment ?? {})),
  ]);
  const missing = ofPrograms.filter((name) => !passed.has(name));
  expect(missing.sort()).toEqual([...ofTheImage, ...outsideOnly].sort());
  for (const name of setByTheStack) expect(passed).toContain(name);
});

test('the stack’s secrets have no default, so that it does not start without them', () => {
  const secrets = Object.keys(exampleVariables).filter((name) => /^(DB|GRAFANA)_/.test(name));
  expect(secrets.length).toBe(8);
  const uses = variablesIn(composeText).filter(({ name }) => secrets.includes(name));
  for (const { name, operator, rest } of uses) expect([name, operator, rest]).toEqual([name, ':?', expect.any(String)]);
  expect(new Set(uses.map(({ name }) => name)).size).toBe(8);
  for (const name of secrets) expect(exampleVariables[name]).toBe('');
  expect(() => environmentOf('grafana', { ...trialVariables, GRAFANA_SECRET_KEY: '' })).toThrow('GRAFANA_SECRET_KEY');
});

test.each(['chat', 'worker', 'cli', 'migrate'])(
  '%s accepts the variables of .env.example, and exposes metrics on the scraped port',
  (name) => {
    const image = Object.fromEntries(
      [...read('Dockerfile').matchAll(/^ENV (.*)$/gm)].flatMap(([, line = '']) =>
        line.split(' ').map((pair) => pair.split('=')),
      ),
    );
    const config = loadConfig({ ...image, ...environmentOf(name) });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 3000,
      metricsHost: '0.0.0.0',
      metricsPort: 9464,
      dataDir: '/data',
    });
    const login = { chat: 'rag_chat_login', worker: 'rag_worker_login' }[name] ?? 'rag_owner';
    expect(new URL(config.databaseUrl ?? '').username).toBe(login);
  },
);

test('the stop grace period is longer than the slowest answer', () => {
  const model = { LLM_BASE_URL: 'http://127.0.0.1:11434/v1', LLM_MODEL: 'm' };
  const config = loadConfig({ ...environmentOf('chat', { ...trialVariables, ...model }) });
  for (const name of ['chat', 'worker']) {
    const seconds = Number.parseInt(compose.services[name]?.stop_grace_period ?? '0', 10);
    expect(seconds * 1000).toBeGreaterThan(timeLimits(config).drainMs);
  }
});

test.each(dockerfiles)('%s passes its linter and copies existing files', (file) => {
  const folder = file.includes('/') ? 'collector' : '.';
  expect(lintDockerfile(read(file), {})).toEqual([]);
  expect(read(file)).toMatch(/^USER (?!root|0)/m);
  const copied = [...read(file).matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, from = '']) => from.split(' '));
  expect(copied.length).toBeGreaterThan(3);
  for (const source of copied) expect(existsSync(`${root}/${folder}/${source}`), source).toBe(true);
  if (folder !== '.') return;
  const allowed = read('.dockerignore').split('\n');
  for (const source of copied) expect(allowed).toContain(`!${source}`);
});
