/** Builds PromQL that Prometheus 2.42 and 3 evaluate the same way. */
import type { Series } from '../services/catalogue/indicators.ts';

export type Matchers = Readonly<Record<string, string | readonly string[]>>;

/** `name{a="b",c=~"d|e"}` */
export function select(name: string, matchers: Matchers = {}): string {
  const inside = Object.entries(matchers).map(([label, value]) =>
    typeof value === 'string' ? `${label}=${quoted(value)}` : `${label}=~${quoted(value.map(literally).join('|'))}`,
  );
  return inside.length === 0 ? name : `${name}{${inside.join(',')}}`;
}

export function selectSeries({ metric, part, labels }: Series): string {
  return select(part === undefined ? metric.name : `${metric.name}_${part}`, labels);
}

/** Prometheus 3 normalises the bound 3 to `3.0`, Prometheus 2 keeps the exposed form. */
export function selectBucket(histogram: string, bound: number): string {
  const le = Number.isInteger(bound) ? `le=~${quoted(`${bound}(\\.0)?`)}` : `le=${quoted(String(bound))}`;
  return `${histogram}_bucket{${le}}`;
}

/** Increase over all processes. increase() handles restarts per series, so it comes before sum(). */
export function increase(series: string, window: string): string {
  return `sum(increase(${series}[${window}]))`;
}

function quoted(value: string): string {
  return JSON.stringify(value);
}

function literally(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
