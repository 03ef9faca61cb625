/** Every host name in the stack's files is a service that listens on the port and shares a network with the client. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { loadConfig } from '../../services/config.ts';
import { compose, environmentOf, read, services } from './stack-files.ts';

const config = loadConfig({});
const collector = parse(read('collector/config.yaml'));
const tempo = parse(read('stack/tempo.yaml'));
const loki = parse(read('stack/loki.yaml'));
const prometheus = parse(read('alerts/prometheus.yml'));
const { datasources } = parse(read('stack/grafana/datasources.yaml'));

const portOf = (endpoint: string) => Number(/:-?(\d+)\}?$/.exec(endpoint)?.[1]);

/** From the configuration where there is one; otherwise the defaults of the images. */
const listens: Readonly<Record<string, readonly number[]>> = {
  chat: [config.port, config.metricsPort],
  worker: [config.workerMetricsPort],
  collector: [
    ...Object.values<{ endpoint: string }>(collector.receivers.otlp.protocols).map(({ endpoint }) => portOf(endpoint)),
    portOf(collector.exporters.prometheus.endpoint),
    portOf(collector.service.telemetry.metrics.readers[0].pull.exporter.prometheus.port.replace(/^\$\{env:\w+/, '')),
    portOf(collector.extensions.health_check.endpoint),
  ],
  tempo: [tempo.server.http_listen_port, portOf(tempo.distributor.receivers.otlp.protocols.http.endpoint)],
  loki: [loki.server.http_listen_port],
  postgres: [5432],
  'postgres-exporter': [9187],
  prometheus: [9090],
  alertmanager: [9093],
  grafana: [3000],
  caddy: [3000, 8080],
};

function expectReachable(from: string, host: string, port: number): void {
  const message = `${from} → ${host}:${port}`;
  const own = host === '127.0.0.1' ? from : host;
  expect(compose.services, message).toHaveProperty([own]);
  expect(listens[own], message).toContain(port);
  const networks = compose.services[own]?.networks ?? [];
  expect(
    (compose.services[from]?.networks ?? []).some((network) => networks.includes(network)),
    message,
  ).toBe(true);
}

type ScrapeConfig = {
  job_name: string;
  static_configs?: { targets: string[] }[];
  dns_sd_configs?: { names: string[]; type: string; port: number }[];
};
const scrapes: readonly ScrapeConfig[] = prometheus.scrape_configs;

test('Prometheus scrapes existing services on the ports of their metrics', () => {
  for (const { static_configs = [], dns_sd_configs = [] } of scrapes) {
    const fixed = static_configs.flatMap(({ targets }) => targets.map((target) => target.split(':')));
    const found = dns_sd_configs.flatMap(({ names, port }) => names.map((name) => [name, String(port)]));
    expect(fixed.length + found.length).toBe(1);
    for (const [host = '', port] of [...fixed, ...found]) expectReachable('prometheus', host, Number(port));
  }
  const [{ static_configs }] = prometheus.alerting.alertmanagers;
  expect(static_configs[0].targets).toEqual(['alertmanager:9093']);
  expectReachable('prometheus', 'alertmanager', 9093);
});

test('the jobs have the names that rules use, and each replica is scraped', () => {
  const names = scrapes.map(({ job_name }) => job_name);
  for (const job of Object.values(scrapeJobs)) expect(names).toContain(job);
  for (const [name, { deploy }] of services) {
    if ((deploy.replicas ?? 1) === 1) continue;
    const ports = listens[name];
    expect(scrapes.filter(({ dns_sd_configs }) => dns_sd_configs?.[0]?.names.includes(name)).length, name).toBe(1);
    expect(ports?.length).toBeGreaterThan(0);
  }
});

test('exemplars of spans are exposed for a scrape interval', () => {
  expect(prometheus.global.scrape_interval).toBe('15s');
  expect(datasources[0].jsonData.timeInterval).toBe(prometheus.global.scrape_interval);
});

test('Grafana’s data sources are existing services and refer to each other', () => {
  const uids = datasources.map(({ uid }: { uid: string }) => uid);
  expect(uids).toEqual(['prometheus', 'alertmanager', 'tempo', 'loki', 'postgres']);
  for (const { url } of datasources) {
    const [, host = '', port] = /^(?:https?:\/\/)?([\w-]+):(\d+)$/.exec(url) ?? [];
    expectReachable('grafana', host, Number(port));
  }
  const named = [...read('stack/grafana/datasources.yaml').matchAll(/(?:datasourceUid|targetUID): (\S+)/g)].map(
    ([, uid]) => uid,
  );
  expect(named.length).toBe(8);
  for (const uid of named) expect(uids).toContain(uid);
  const variables = [...read('stack/grafana/datasources.yaml').matchAll(/(?<!\$)\$([A-Z_]+)/g)].map(
    ([, name = '']) => name,
  );
  expect(variables).toEqual(['DB_GRAFANA_PASSWORD']);
  for (const name of variables) expect(environmentOf('grafana')[name]).not.toBe('');
});

test('addresses in environment variables are services, too', () => {
  let found = 0;
  for (const [name] of services) {
    for (const value of Object.values(environmentOf(name))) {
      const [, host, port] = /^(?:[a-z]+:\/\/)?(?:\w+:\w+@)?([\w-]+):(\d+)(?:\/|$)/.exec(value) ?? [];
      if (host === undefined || host === 'localhost' || /^\d+$/.test(host)) continue;
      expectReachable(name, host, Number(port));
      found += 1;
    }
  }
  expect(found).toBe(10);
});

test('Caddy forwards to every chat server', () => {
  const [, host = '', port] = /name (\S+)\s+port (\d+)/.exec(read('stack/Caddyfile')) ?? [];
  expectReachable('caddy', host, Number(port));
  expect(compose.services.chat?.deploy.replicas).toBe(2);
});

test('each health check uses a port that the service listens on', () => {
  for (const [name, { healthcheck }] of services) {
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(healthcheck?.test?.join(' ') ?? '') ?? [];
    if (port !== undefined) expect(listens[name], name).toContain(Number(port));
  }
});
