/** The metrics that the Collector derives from spans, and its own. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { collectorOwnMetrics, spanMetrics } from '../../services/catalogue/collector-metrics.ts';
import type { Metric } from '../../services/catalogue/metric.ts';
import { logs, newTraceId, traces } from './otlp.ts';
import { missing, runCollector } from './run-collector.ts';

const openMetrics = { accept: 'application/openmetrics-text; version=1.0.0' };

describe.skipIf(missing !== null)('metrics', async () => {
  if (missing !== null) return;
  let status = 200;
  const backend = createServer((request, reply) => {
    request.resume().on('end', () => reply.writeHead(status).end());
  }).listen(0, '127.0.0.1');
  await once(backend, 'listening');
  afterAll(() => void backend.close());
  const collector = await runCollector(`http://127.0.0.1:${(backend.address() as AddressInfo).port}`, {
    // An exemplar is exposed for one interval.
    COLLECTOR_SPAN_METRICS_INTERVAL: '2s',
    COLLECTOR_QUEUED_SPANS: '2000',
    COLLECTOR_QUEUED_LOGS: '300',
  });

  test('span metrics have counts and durations by dimension, with the bounds of answers and exemplars', async () => {
    const traceId = newTraceId();
    const attributes = {
      'gen_ai.operation.name': 'invoke_workflow',
      'rag.outcome': 'answered',
      'rag.dialogue.id': 'x',
    };
    const spans = [{ name: 'invoke_workflow rag', traceId, attributes, milliseconds: 3100 }];
    expect(await collector.send('traces', traces(spans))).toBe(200);
    let scraped = '';
    while (!scraped.includes('traces_span_metrics_calls_total{')) {
      scraped = await collector.scrape(collector.spanMetrics, openMetrics);
    }
    const [, labels = ''] = /^traces_span_metrics_calls_total\{(.*?)\} \d/m.exec(scraped) ?? [];
    const names = [...labels.matchAll(/(\w+)="/g)].map(([, name]) => name);
    // Set by the exporter; Prometheus renames it to exported_job.
    expect(names.filter((name) => name !== 'job').sort()).toEqual(Object.keys(spanMetrics.calls.labels).sort());
    expect(labels).toContain('span_name="invoke_workflow rag"');
    const buckets = [
      ...scraped.matchAll(/^traces_span_metrics_duration_seconds_bucket\{.*le="([\d.]+)"\} (\d+)(.*)/gm),
    ];
    expect(buckets.map(([, bound]) => Number(bound))).toEqual([...answerMetrics.answerDuration.bounds]);
    expect(buckets.find(([, bound]) => bound === '3.0')?.[2]).toBe('0');
    const [, , count, example] = buckets.find(([, bound]) => bound === '3.5') ?? [];
    expect(count).toBe('1');
    expect(example).toMatch(/^ # \{.*\} 3\.1/);
    expect(example).toContain(`trace_id="${traceId}"`);
  });

  test('promtool accepts the span metrics', async ({ skip }) => {
    const input = await collector.scrape(collector.spanMetrics);
    const { error, stderr } = spawnSync('promtool', ['check', 'metrics'], { input });
    if (error !== undefined) skip('promtool is not installed (Debian: apt-get install prometheus)');
    // The Collector sets no help text for these.
    const known = Object.values(spanMetrics).map(({ name }) => `${name} no help text`);
    expect(String(stderr).trim().split('\n')).toEqual(known);
  });

  test('the Collector exposes every metric of the catalogue with its name, type and labels', async () => {
    const some = {
      traces: traces(Array.from({ length: 150 }, () => ({}))),
      logs: logs([{ body: 'one' }, { body: 'two' }]),
    };
    const metrics = async () =>
      (await collector.scrape(collector.selfMetrics)) + (await collector.scrape(collector.spanMetrics));
    const until = async (...names: string[]) => {
      for (let text = ''; !names.every((name) => text.includes(`\n${name}{`)); text = await metrics());
    };
    await collector.send('logs', some.logs);
    await until(collectorOwnMetrics.sentSpans.name, collectorOwnMetrics.sentLogRecords.name);
    status = 400;
    for (const signal of ['traces', 'logs'] as const) await collector.send(signal, some[signal]);
    await until(collectorOwnMetrics.spansNotSent.name, collectorOwnMetrics.logRecordsNotSent.name);
    status = 503;
    for (const signal of ['traces', 'logs'] as const) while ((await collector.send(signal, some[signal])) === 200);

    const text = await metrics();
    const all: readonly Metric[] = [...Object.values(collectorOwnMetrics), ...Object.values(spanMetrics)];
    const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
    expect(all.map(({ name }) => [name, types.get(name)])).toEqual(all.map(({ name, kind }) => [name, kind]));
    for (const { name, labels } of all) {
      const series = text.match(new RegExp(`^${name}(?:_bucket)?[{ ].*`, 'gm')) ?? [];
      expect(series.length, name).toBeGreaterThan(0);
      const missed = Object.keys(labels).filter((label) => !series.some((line) => line.includes(`${label}="`)));
      expect(missed, name).toEqual([]);
    }
  });

  test('the number of series is bounded for any number of span names', async () => {
    for (let batch = 0; batch < 25; batch += 1) {
      const spans = Array.from({ length: 50 }, (_, n) => ({ name: `GET /nonsense/${batch}-${n}` }));
      await collector.send('traces', traces(spans));
    }
    let series: string[] = [];
    while (!series.some((line) => line.includes('otel_metric_overflow'))) {
      series = (await collector.scrape(collector.spanMetrics)).match(/^traces_span_metrics_calls_total.*/gm) ?? [];
    }
    expect(series.length).toBeLessThanOrEqual(1001);
  });

  test('after thousands of span names, new names have their own series again', async () => {
    const flooded = await runCollector(`http://127.0.0.1:${(backend.address() as AddressInfo).port}`, {
      COLLECTOR_SPAN_METRICS_EXPIRATION: '2s',
      COLLECTOR_QUEUED_SPANS: '100000',
    });
    const calls = async () =>
      (await flooded.scrape(flooded.spanMetrics)).match(/^traces_span_metrics_calls_total.*/gm) ?? [];
    for (let batch = 0; batch < 30; batch += 1) {
      const spans = Array.from({ length: 100 }, (_, n) => ({ name: `GET /nonsense/${batch}-${n}` }));
      await flooded.send('traces', traces(spans));
    }
    while (!(await calls()).some((line) => line.includes('otel_metric_overflow')));
    // Each round sends the name again, because it arrives before the others have expired at first.
    let named: string[] = [];
    while (named.length === 0) {
      await flooded.send('traces', traces([{ name: 'GET /regular' }]));
      named = (await calls()).filter((line) => line.includes('span_name="GET /regular"'));
    }
    expect(named).toHaveLength(1);
  });
});
