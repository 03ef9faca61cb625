/** Builds PromQL that Prometheus 2.42 and 3 evaluate the same way. */
import type { Series } from '../services/catalogue/indicators.ts';
import type { Deployment } from '../services/slo/deployment.ts';
import type { ServiceSelection } from '../services/slo/slo-model.ts';

export type Matchers = Readonly<Record<string, string | readonly string[]>>;

/**
 * `name{a="b",c=~"d|e"}`
 * @param services only the series of these services
 */
export function select(name: string, matchers: Matchers = {}, services: ServiceSelection = null): string {
  const inside = [
    ...Object.entries(matchers).map(([label, value]) =>
      typeof value === 'string' ? `${label}=${quoted(value)}` : `${label}=~${quoted(value.map(literally).join('|'))}`,
    ),
    ...serviceMatcher(services),
  ];
  return inside.length === 0 ? name : `${name}{${inside.join(',')}}`;
}

export function selectSeries({ metric, part, labels }: Series, services: ServiceSelection = null): string {
  return select(part === undefined ? metric.name : `${metric.name}_${part}`, labels, services);
}

/** Prometheus 3 normalises the bound 3 to `3.0`, Prometheus 2 keeps the exposed form. */
export function selectBucket(histogram: string, bound: number, services: ServiceSelection = null): string {
  const le = Number.isInteger(bound) ? `le=~${quoted(`${bound}(\\.0)?`)}` : `le=${quoted(String(bound))}`;
  return `${histogram}_bucket{${[le, ...serviceMatcher(services)].join(',')}}`;
}

function serviceMatcher(services: ServiceSelection): readonly string[] {
  if (services === null) return [];
  return 'only' in services
    ? [`service=${quoted(services.only)}`]
    : [`service!~${quoted(services.except.map(literally).join('|'))}`];
}

/** The labels that a rule keeps, and aggregations that keep them. Copies of a series by several Prometheus servers count once. */
export type Scope = {
  readonly labels: readonly string[];
  /** `on (service, env)` */
  readonly on: string;
  /** @param extra labels kept as well */
  readonly sum: (series: string, ...extra: readonly string[]) => string;
  readonly max: (series: string, ...extra: readonly string[]) => string;
  readonly min: (series: string, ...extra: readonly string[]) => string;
  readonly count: (series: string, ...extra: readonly string[]) => string;
  /** Increase over all processes. increase() handles restarts per series, so it comes before sum(). */
  readonly increase: (series: string, window: string, ...extra: readonly string[]) => string;
};

/** What a service's questions are counted by. */
export function serviceScope(deployment: Deployment): Scope {
  return scope(['service', ...deployment.identity], deployment);
}

/** What the state of components is known by. */
export function componentScope(deployment: Deployment): Scope {
  return scope(deployment.identity, deployment);
}

function scope(labels: readonly string[], { replicas }: Deployment): Scope {
  const list = (extra: readonly string[]) => [...new Set([...extra, ...labels])].join(', ');
  const once = (series: string) =>
    replicas.length === 0 ? `(${series})` : `(max without (${replicas.join(', ')}) (${series}))`;
  const by =
    (operator: string) =>
    (series: string, ...extra: readonly string[]) =>
      `${operator} by (${list(extra)}) ${once(series)}`;
  // The largest and smallest of copies need no step of their own.
  const extreme =
    (operator: string) =>
    (series: string, ...extra: readonly string[]) =>
      `${operator} by (${list(extra)}) (${series})`;
  const sum = by('sum');
  return {
    labels,
    on: `on (${labels.join(', ')})`,
    sum,
    max: extreme('max'),
    min: extreme('min'),
    count: by('count'),
    increase: (series, window, ...extra) => sum(`increase(${series}[${window}])`, ...extra),
  };
}

function quoted(value: string): string {
  return JSON.stringify(value);
}

function literally(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
