/** PromQL that panels share: rates, increases, ratios, quantiles and means over the interval shown. */
import { type Matchers, select } from '../alerts/promql.ts';
import type { Metric } from '../services/catalogue/metric.ts';

type Selection = { readonly where?: Matchers | undefined; readonly by?: string | undefined };

/** Per second. */
export function rate({ name }: { name: string }, { where, by }: Selection = {}): string {
  return `sum${grouping(by)}(rate(${select(name, where)}[$__rate_interval]))`;
}

/** Per minute: a school asks a few questions a minute, so a rate per second would be a tiny number. */
export function perMinute(metric: { name: string }, selection: Selection = {}): string {
  return `60 * ${rate(metric, selection)}`;
}

/** Over the whole time range of the dashboard. */
export function increaseOverRange({ name }: { name: string }, { where, by }: Selection = {}): string {
  return `sum${grouping(by)}(increase(${select(name, where)}[$__range]))`;
}

/** Over a fixed window that ends at each moment. */
export function increaseOver(window: string, { name }: { name: string }, { where, by }: Selection = {}): string {
  return `sum${grouping(by)}(increase(${select(name, where)}[${window}]))`;
}

/** A label value that never occurred has no series and counts as zero. Without events, the result is empty. */
export function share(part: string, whole: string, { by }: Selection = {}): string {
  return by === undefined ? `(${part} or vector(0)) / (${whole} > 0)` : `${part} / (${whole} > 0)`;
}

/** Interpolated within a bucket: good enough to look at, not to alert on. */
export function quantile(q: number, { name }: Metric, { where, by }: Selection = {}): string {
  const labels = by === undefined ? 'le' : `le, ${by}`;
  return `histogram_quantile(${q}, sum by (${labels}) (rate(${select(`${name}_bucket`, where)}[$__rate_interval])))`;
}

export function mean({ name }: Metric, { where, by }: Selection = {}): string {
  const part = (suffix: string) => `sum${grouping(by)}(rate(${select(`${name}_${suffix}`, where)}[$__rate_interval]))`;
  return `${part('sum')} / (${part('count')} > 0)`;
}

/** A gauge that every worker exports with the same value. */
export function sharedGauge({ name }: { name: string }, { where, by }: Selection = {}): string {
  return `max${grouping(by)}(${select(name, where)})`;
}

function grouping(by: string | undefined): string {
  return by === undefined ? '' : ` by (${by}) `;
}
