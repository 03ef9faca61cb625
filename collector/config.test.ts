/** What can be said of the Collector's configuration without running it. `npm run test:slow -- collector` runs it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { spanMetrics } from '../services/catalogue/collector-metrics.ts';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const config = parse(read('config.yaml'));

test('the bounds of the span metrics are those of the answers, so that both can stand in one panel', () => {
  const buckets: string[] = config.connectors.span_metrics.histogram.explicit.buckets;
  const seconds = buckets.map((bucket) =>
    bucket.endsWith('ms') ? Number.parseFloat(bucket) / 1000 : Number.parseFloat(bucket),
  );
  expect(seconds).toEqual(spanMetrics.duration.bounds);
});

test('memory is guarded first, and everything that comes from outside is cleaned before it is kept or counted', () => {
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

test('every list of statements is the whole list, in every place that has text', () => {
  const { trace_statements, log_statements } = config.processors['transform/clean'];
  const whole = trace_statements[0].statements;
  const cleaned = (groups: { context: string; statements: string[] }[]) =>
    groups.filter(({ statements }) => statements.length === whole.length).map(({ context }) => context);
  expect(whole.length).toBeGreaterThan(25);
  expect(cleaned(trace_statements)).toEqual(['resource', 'scope', 'span', 'spanevent']);
  expect(cleaned(log_statements)).toEqual(['resource', 'scope', 'log']);
});

test('nothing listens beyond this machine unless it is told to, and no secret stands in the file', () => {
  const hosts = [...read('config.yaml').matchAll(/^\s*(?:endpoint|host): (.*)$/gm)].map(([, value]) => value ?? '');
  expect(hosts.length).toBeGreaterThanOrEqual(6);
  for (const host of hosts)
    expect(host).toMatch(/^\$\{env:(COLLECTOR_HOST:-127\.0\.0\.1|\w+_ENDPOINT:-http:\/\/127\.0\.0\.1:)/);
});

test('the versions that are built are those of builder.yaml', () => {
  const { dist, telemetry: _none, ...parts } = parse(read('builder.yaml'));
  const wanted = Object.values<{ gomod: string }[]>(parts).flatMap((list) => list.map(({ gomod }) => gomod));
  const required = read('go.mod');
  for (const gomod of wanted) expect(required).toContain(`\t${gomod}\n`);
  expect(required).toContain(`go.opentelemetry.io/collector/otelcol v${dist.version}\n`);
});
