/** Static checks of the Collector's configuration. `npm run test:slow -- collector` runs it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { spanMetrics } from '../services/catalogue/collector-metrics.ts';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const config = parse(read('config.yaml'));

test('span metrics have the same bounds as answer durations, so that one panel can show both', () => {
  const buckets: string[] = config.connectors.span_metrics.histogram.explicit.buckets;
  const seconds = buckets.map((bucket) =>
    bucket.endsWith('ms') ? Number.parseFloat(bucket) / 1000 : Number.parseFloat(bucket),
  );
  expect(seconds).toEqual(spanMetrics.duration.bounds);
});

test('every pipeline limits memory first, then cleans the data before it is stored or counted', () => {
  const { metrics: _ofSpans, ...pipelines } = Object.fromEntries(
    Object.entries<{ receivers: string[]; processors: string[] }>(config.service.pipelines).map(([name, pipeline]) => [
      name.replace(/\/.*/, ''),
      pipeline,
    ]),
  );
  expect(Object.keys(pipelines)).toEqual(['traces', 'logs']);
  for (const { receivers, processors } of Object.values(pipelines)) {
    expect([receivers, processors]).toEqual([['otlp'], ['memory_limiter', 'transform/clean']]);
  }
});

test('every context with text has the complete list of cleaning statements', () => {
  const { trace_statements, log_statements } = config.processors['transform/clean'];
  const whole = trace_statements[0].statements;
  const cleaned = (groups: { context: string; statements: string[] }[]) =>
    groups.filter(({ statements }) => statements.length === whole.length).map(({ context }) => context);
  expect(whole.length).toBeGreaterThan(25);
  expect(cleaned(trace_statements)).toEqual(['resource', 'scope', 'span', 'spanevent']);
  expect(cleaned(log_statements)).toEqual(['resource', 'scope', 'log']);
});

test('everything listens on loopback by default, and backends are environment variables', () => {
  const hosts = [...read('config.yaml').matchAll(/^\s*(?:endpoint|host): (.*)$/gm)].map(([, value]) => value ?? '');
  expect(hosts.length).toBeGreaterThanOrEqual(6);
  for (const host of hosts)
    expect(host).toMatch(/^\$\{env:(COLLECTOR_HOST:-127\.0\.0\.1|\w+_ENDPOINT:-http:\/\/127\.0\.0\.1:)/);
});

test('go.mod has the versions of builder.yaml', () => {
  const { dist, telemetry: _none, ...parts } = parse(read('builder.yaml'));
  const wanted = Object.values<{ gomod: string }[]>(parts).flatMap((list) => list.map(({ gomod }) => gomod));
  const required = read('go.mod');
  for (const gomod of wanted) expect(required).toContain(`\t${gomod}\n`);
  expect(required).toContain(`go.opentelemetry.io/collector/otelcol v${dist.version}\n`);
});
