/** PromQL of the shapes that panels need: rates, gains, shares, quantiles and means over the interval that is shown. */
import { type Matchers, select } from '../alerts/promql.ts';
import type { Metric } from '../services/catalogue/metric.ts';

type Of = { readonly where?: Matchers | undefined; readonly by?: string | undefined };

/** A second. */
export function rate({ name }: { name: string }, { where, by }: Of = {}): string {
  return `sum${grouping(by)}(rate(${select(name, where)}[$__rate_interval]))`;
}

/** A minute: questions of a school come by the minute. */
export function perMinute(metric: { name: string }, of: Of = {}): string {
  return `60 * ${rate(metric, of)}`;
}

/** Over all the time that is shown. */
export function gained({ name }: { name: string }, { where, by }: Of = {}): string {
  return `sum${grouping(by)}(increase(${select(name, where)}[$__range]))`;
}

/** Over a fixed span that ends at each moment. */
export function within(span: string, { name }: { name: string }, { where, by }: Of = {}): string {
  return `sum${grouping(by)}(increase(${select(name, where)}[${span}]))`;
}

/** A label that never came up has no series: none of it happened. Without events there is no share. */
export function share(part: string, whole: string, { by }: Of = {}): string {
  return by === undefined ? `(${part} or vector(0)) / (${whole} > 0)` : `${part} / (${whole} > 0)`;
}

/** Interpolated within a bucket: for the eye. */
export function quantile(q: number, { name }: Metric, { where, by }: Of = {}): string {
  const all = by === undefined ? 'le' : `le, ${by}`;
  return `histogram_quantile(${q}, sum by (${all}) (rate(${select(`${name}_bucket`, where)}[$__rate_interval])))`;
}

export function mean({ name }: Metric, { where, by }: Of = {}): string {
  const part = (suffix: string) => `sum${grouping(by)}(rate(${select(`${name}_${suffix}`, where)}[$__rate_interval]))`;
  return `${part('sum')} / (${part('count')} > 0)`;
}

/** Gauges that every worker tells alike. */
export function told({ name }: { name: string }, { where, by }: Of = {}): string {
  return `max${grouping(by)}(${select(name, where)})`;
}

function grouping(by: string | undefined): string {
  return by === undefined ? '' : ` by (${by}) `;
}
