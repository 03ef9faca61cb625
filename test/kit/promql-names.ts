/** Reads from a query which metrics it names, with which labels: enough to hold it against the catalogue. */
import { collectorOwnMetrics, spanMetrics } from '../../services/catalogue/collector-metrics.ts';
import type { Metric } from '../../services/catalogue/metric.ts';
import { metrics } from '../../services/catalogue/metrics.ts';
import * as others from '../../services/catalogue/other-metrics.ts';

const words = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan', 'by', 'without', 'on', 'ignoring']);

/** Labels that Prometheus or the exposition adds. */
const added = new Set(['job', 'instance', 'le', '__name__']);

const ours = new Map<string, Metric>(
  Object.values<Metric>({ ...metrics, ...collectorOwnMetrics, ...spanMetrics }).flatMap((metric) =>
    (metric.kind === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).map(
      (part) => [`${metric.name}${part}`, metric] as const,
    ),
  ),
);
const ofOthers = new Set([
  'ALERTS',
  ...[others.databaseMetrics, others.prometheusMetrics].flatMap((group) => Object.values<string>(group)),
]);

/** @returns what is wrong: metrics that nobody exposes, labels and values that they do not have */
export function unknownNames(promql: string, recordedNames: ReadonlySet<string>): readonly string[] {
  const known = (name: string) => ours.has(name) || ofOthers.has(name) || recordedNames.has(name);
  return [...metricNames(promql).filter((name) => !known(name)), ...[...selectors(promql)].flatMap(wrongLabels)];
}

function metricNames(promql: string): readonly string[] {
  const bare = promql
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  return [...bare.matchAll(/(?<![\w:.])[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])/g)]
    .map(([name]) => name)
    .filter((name) => !words.has(name.toLowerCase()));
}

type Selector = { readonly name: string; readonly label: string; readonly values: readonly string[] };

function* selectors(promql: string): Generator<Selector> {
  for (const [, name = '', inside = ''] of promql.matchAll(/([a-zA-Z_:][\w:]*)\{([^}]*)\}/g)) {
    for (const [, label = '', value = ''] of inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)) {
      yield { name, label, values: value.split('|') };
    }
  }
}

function wrongLabels({ name, label, values }: Selector): readonly string[] {
  const metric = ours.get(name);
  if (metric === undefined || added.has(label)) return [];
  const allowed = metric.labels[label];
  if (allowed === undefined) return [`${name}{${label}}`];
  return allowed === 'open'
    ? []
    : values.filter((value) => !allowed.includes(value)).map((value) => `${name}{${label}="${value}"}`);
}
