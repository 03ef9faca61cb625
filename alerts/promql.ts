/** Writes PromQL that means the same to Prometheus 2.42 and 3. */
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

/** Prometheus 3 spells the bound 3 as `3.0`, Prometheus 2 as it is exposed. */
export function selectBucket(histogram: string, bound: number): string {
  const le = Number.isInteger(bound) ? `le=~${quoted(`${bound}(\\.0)?`)}` : `le=${quoted(String(bound))}`;
  return `${histogram}_bucket{${le}}`;
}

/** What the counters of all processes gained; each is mended for its own restarts before they are added. */
export function increase(series: string, span: string): string {
  return `sum(increase(${series}[${span}]))`;
}

function quoted(value: string): string {
  return JSON.stringify(value);
}

function literally(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
