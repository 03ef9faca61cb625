/** Makes a Prometheus gauge of a metric of the catalogue. */
import { Gauge, type Registry } from 'prom-client';
import type { Metric } from '../../catalogue/metric.ts';

export function createGauge<Label extends string>(
  registry: Registry,
  { name, help, labels }: Metric & { readonly labels: Readonly<Record<Label, unknown>> },
): Gauge<Label> {
  return new Gauge({ name, help, labelNames: Object.keys(labels) as Label[], registers: [registry] });
}
