/** Selects the series of this deployment in a Prometheus that it shares with others. */

/** Labels that this deployment's series have in Prometheus, from PROMETHEUS_LABELS. Empty: all series are its own. */
export type OwnLabels = Readonly<Record<string, string>>;

/** @param matchers more matchers, as in `job="a",env=~"b"`; empty: none */
export function ownSeries(name: string, own: OwnLabels, matchers = ''): string {
  const all = [
    ...(matchers === '' ? [] : [matchers]),
    ...Object.entries(own).map(([label, value]) => `${label}=${JSON.stringify(value)}`),
  ];
  return all.length === 0 ? name : `${name}{${all.join(',')}}`;
}
