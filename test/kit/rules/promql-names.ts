/** Checks the metrics and labels of a PromQL query against the catalogue. */
import { parser } from '@prometheus-io/lezer-promql';
import { collectorOwnMetrics, spanMetrics } from '../../../services/catalogue/collector-metrics.ts';
import { gamedayMetrics } from '../../../services/catalogue/gameday-metrics.ts';
import type { Metric } from '../../../services/catalogue/metric.ts';
import { metrics } from '../../../services/catalogue/metrics.ts';
import * as others from '../../../services/catalogue/other-metrics.ts';
import { deployment } from '../../../services/slo/deployment.ts';

export type Selector = {
  /** Several if a matcher of `__name__` lists them. */
  readonly names: readonly string[];
  readonly matchers: readonly { readonly label: string; readonly values: readonly string[] }[];
};

/** Labels that Prometheus, the exposition format or a deployment adds. */
const added = new Set(['job', 'instance', 'le', '__name__', ...deployment.identity]);

/** Our series with their metrics. */
export const ourSeries: ReadonlyMap<string, Metric> = new Map(
  Object.values<Metric>({ ...metrics, ...collectorOwnMetrics, ...spanMetrics, ...gamedayMetrics }).flatMap((metric) =>
    (metric.kind === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).map(
      (part) => [`${metric.name}${part}`, metric] as const,
    ),
  ),
);

const externalSeries = new Set([
  'ALERTS',
  'ALERTS_FOR_STATE',
  ...[others.databaseMetrics, others.prometheusMetrics].flatMap((group) => Object.values<string>(group)),
]);

/** @returns unknown metrics, labels and label values */
export function unknownNames(promql: string, recordedNames: ReadonlySet<string>): readonly string[] {
  const known = (name: string) => ourSeries.has(name) || externalSeries.has(name) || recordedNames.has(name);
  return selectorsIn(promql).flatMap((selector) => [
    ...selector.names.filter((name) => !known(name)),
    ...selector.names.flatMap((name) => wrongLabels(name, selector)),
  ]);
}

/** Uses Prometheus's own grammar. */
export function selectorsIn(promql: string): readonly Selector[] {
  const found: { names: string[]; matchers: { label: string; values: string[] }[] }[] = [];
  let label = '';
  parser.parse(promql).iterate({
    enter({ name, from, to }) {
      const text = promql.slice(from, to);
      const selector = found.at(-1);
      if (name === 'VectorSelector') found.push({ names: [], matchers: [] });
      else if (name === 'Identifier') selector?.names.push(text);
      else if (name === 'LabelName') label = text;
      else if (name === 'StringLiteral' && label !== '') {
        const values = text.slice(1, -1).split('|');
        if (label === '__name__') selector?.names.push(...values);
        else selector?.matchers.push({ label, values });
        label = '';
      }
    },
  });
  return found;
}

function wrongLabels(name: string, { matchers }: Selector): readonly string[] {
  const metric = ourSeries.get(name);
  if (metric === undefined) return [];
  return matchers
    .filter(({ label }) => !added.has(label))
    .flatMap(({ label, values }) => {
      const allowed = metric.labels[label];
      if (allowed === undefined) return [`${name}{${label}}`];
      return allowed === 'open'
        ? []
        : values.filter((value) => !allowed.includes(value)).map((value) => `${name}{${label}="${value}"}`);
    });
}
