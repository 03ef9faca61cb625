import { expect, test } from 'vitest';
import { objectives } from '../../test/kit/slo/specification.ts';
import { verificationStatuses } from '../provenance/verification.ts';
import { libraryMetrics } from './library-metrics.ts';
import type { Metric } from './metric.ts';
import { metrics } from './metrics.ts';

const all: readonly Metric[] = Object.values(metrics);
const libraries: readonly Metric[] = Object.values(libraryMetrics);
const ours = all.filter((metric) => !libraries.includes(metric));

test('metric names are unique', () => {
  const names = all.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test.each(all.map((metric) => [metric.name, metric] as const))('%s is a valid Prometheus metric', (name, metric) => {
  expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
  expect(name.endsWith('_total')).toBe(metric.kind === 'counter');
  expect(name).not.toMatch(/_(bucket|sum|count|info)$(?<!rag_build_info|connection_count)/);
  for (const label of Object.keys(metric.labels)) expect(label).toMatch(/^(?!__|le$)[a-z][a-z0-9_]*$/);
  expect(metric.help).toMatch(/^[A-Z0-9].*\.$/);
});

test('names of metrics without an instrument name are the same scraped and over OTLP', () => {
  for (const { name, unit } of ours.filter((metric) => metric.instrument === undefined)) {
    const word = { s: 'seconds', '': null }[unit];
    expect(word === undefined ? unit : name).toMatch(word === undefined ? /^\{\w+\}$/ : new RegExp(word ?? ''));
  }
});

test('the name of a metric with an instrument name is the one that the exporter derives from it', () => {
  for (const { name, instrument, kind } of all) {
    if (instrument === undefined) continue;
    expect(name).toBe(instrument.replaceAll('.', '_') + (kind === 'counter' ? '_total' : ''));
  }
});

test('histograms have ascending bounds, other metrics have none', () => {
  for (const { name, kind, bounds } of all) {
    expect(bounds !== undefined, name).toBe(kind === 'histogram');
    expect([...(bounds ?? [])], name).toEqual([...new Set(bounds)].sort((a, b) => a - b));
  }
});

test('every threshold of latency and relevance is a bucket bound', () => {
  for (const { target, warning, critical } of [objectives.latencyP95]) {
    expect(metrics.answerDuration.bounds).toEqual(expect.arrayContaining([target, warning, critical]));
  }
  expect(metrics.answerDuration.bounds).toContain(objectives.latencyP50.target);
  expect(metrics.relevance.bounds).toContain(objectives.relevance.target);
});

test('documents are counted by every verification status', () => {
  expect(metrics.contentVerification.labels.status).toEqual([...verificationStatuses, 'never', 'other']);
});
