/** Creates the OpenTelemetry instrument of a catalogue metric. */
import { type Attributes, metrics as api, type Counter, type Histogram } from '@opentelemetry/api';
import type { Metric } from '../../catalogue/metric.ts';

/** The labels of a metric, each with one of its values. */
type Labels<M extends Metric> = {
  readonly [L in keyof M['labels']]: M['labels'][L] extends readonly (infer Value)[] ? Value : string;
};

type CounterOf<M extends Metric> = Omit<Counter, 'add'> & { add(value: number, labels: Labels<M>): void };
type HistogramOf<M extends Metric> = Omit<Histogram, 'record'> & { record(value: number, labels: Labels<M>): void };

const meter = () => api.getMeter('rag-observatory');

export function counter<M extends Metric & { kind: 'counter' }>(metric: M): CounterOf<M> {
  return meter().createCounter(instrumentName(metric), { description: metric.help, unit: metric.unit });
}

export function histogram<M extends Metric & { kind: 'histogram'; bounds: readonly number[] }>(
  metric: M,
): HistogramOf<M> {
  return meter().createHistogram(instrumentName(metric), {
    description: metric.help,
    unit: metric.unit,
    advice: { explicitBucketBoundaries: [...metric.bounds] },
  });
}

/** @param read called at each scrape; null: no sample */
export function observed(metric: Metric & { kind: 'gauge' }, read: () => number | null, labels: Attributes = {}): void {
  meter()
    .createObservableGauge(instrumentName(metric), { description: metric.help, unit: metric.unit })
    .addCallback((result) => {
      const value = read();
      if (value !== null) result.observe(value, labels);
    });
}

function instrumentName({ name, instrument }: Metric): string {
  return instrument ?? name;
}
