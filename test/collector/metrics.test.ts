/** The metrics that the Collector makes of spans, and those it tells of itself. */
import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { collectorMetrics, spanMetrics } from '../../services/catalogue/collector-metrics.ts';
import type { Metric } from '../../services/catalogue/metric.ts';
import { openOtlpSink } from '../telemetry/otlp-sink.ts';
import { logs, newTraceId, traces } from './otlp.ts';
import { missing, runCollector } from './run-collector.ts';

const openMetrics = { accept: 'application/openmetrics-text; version=1.0.0' };

describe.skipIf(missing !== null)('metrics', async () => {
  if (missing !== null) return;
  const sink = await openOtlpSink();
  afterAll(() => sink.close());
  // Small enough to be filled.
  const collector = await runCollector(sink.url, { COLLECTOR_QUEUED_SPANS: '2000', COLLECTOR_QUEUED_LOGS: '3' });
  const traceId = newTraceId();

  test('spans are counted and timed by what they were, with bounds of our catalogue and a trace as example', async () => {
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
    const labels = /^traces_span_metrics_calls_total\{(.*?)\} 1\.0 # \{(.*?)\}/m.exec(scraped);
    expect(labels?.[1]?.match(/\w+(?==)/g)?.sort()).toEqual(Object.keys(spanMetrics.calls.labels).sort());
    expect(labels?.[1]).toContain('span_name="invoke_workflow rag"');
    expect(labels?.[2]).toContain(`trace_id="${traceId}"`);
    const buckets = [...scraped.matchAll(/^traces_span_metrics_duration_seconds_bucket\{.*le="([\d.]+)"\} (\d+)/gm)];
    expect(buckets.map(([, bound]) => Number(bound))).toEqual([...answerMetrics.answerDuration.bounds]);
    expect(buckets.find(([, bound]) => bound === '3.0')?.[2]).toBe('0');
    expect(scraped).toMatch(
      new RegExp(
        `^traces_span_metrics_duration_seconds_bucket\\{.*le="3.5"\\} 1 # \\{.*trace_id="${traceId}".*\\} 3\\.1`,
        'm',
      ),
    );
  });

  test('the number of series is bounded, however many names spans have', async () => {
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

  test('promtool finds nothing wrong with the metrics of spans', async ({ skip }) => {
    const input = await collector.scrape(collector.spanMetrics);
    const { error, status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input });
    if (error !== undefined) skip('promtool is not installed (Debian: apt-get install prometheus)');
    expect([String(stderr), status]).toEqual(['', 0]);
  });

  test('every metric of the catalogue that rules read of the Collector is there, by its name, kind and labels', async () => {
    await sink.close();
    const refusedOf = async (signal: 'traces' | 'logs', body: unknown) => {
      while ((await collector.send(signal, body)) === 200);
    };
    await refusedOf('traces', traces(Array.from({ length: 300 }, () => ({}))));
    await refusedOf('logs', logs([{ body: 'line' }]));
    const told = (await collector.scrape(collector.selfMetrics)) + (await collector.scrape(collector.spanMetrics));
    const all: readonly Metric[] = [...Object.values(collectorMetrics), ...Object.values(spanMetrics)];
    const types = new Map([...told.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
    expect(all.map(({ name }) => [name, types.get(name)])).toEqual(all.map(({ name, kind }) => [name, kind]));
    for (const { name, labels } of all) {
      const [, inside = ''] = new RegExp(`^${name}(?:_bucket)?\\{(.*)\\} `, 'm').exec(told) ?? [];
      for (const label of Object.keys(labels)) expect(inside, name).toContain(`${label}="`);
    }
  });
});
