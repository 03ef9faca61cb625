/** Variables that choose deployment, service and instance, and the matchers by which every query follows them. */
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { parser } from '@prometheus-io/lezer-promql';
import { answerMetrics } from '../services/catalogue/answer-metrics.ts';
import { genaiMetrics } from '../services/catalogue/genai-metrics.ts';
import { libraryMetrics } from '../services/catalogue/library-metrics.ts';
import type { Metric } from '../services/catalogue/metric.ts';
import { prometheusMetrics } from '../services/catalogue/other-metrics.ts';
import { recordMetrics } from '../services/catalogue/record-metrics.ts';
import type { Deployment } from '../services/slo/deployment.ts';
import { dataSources } from './queries.ts';

const ofChatServers: readonly Metric[] = Object.values<Metric>({
  ...answerMetrics,
  ...recordMetrics,
  ...genaiMetrics,
  ...libraryMetrics,
});
const instances = new Set(ofChatServers.flatMap(seriesOf));
const services = new Set(Object.values<Metric>(answerMetrics).flatMap(seriesOf));

/** Macros of Grafana are no durations, so the parser reads these in their place. */
const macros = { $__rate_interval: '111111s', $__range: '222222s', $__interval: '333333s' } as const;

/**
 * Adds matchers of the variables to every series of an expression. Series of a deployment match an empty label as well.
 * @throws {Error} if the expression is not PromQL
 */
export function filterByVariables(expr: string, { identity }: Deployment): string {
  const text = Object.entries(macros).reduce((all, [macro, duration]) => all.replaceAll(macro, duration), expr);
  const inserted: { at: number; matchers: string }[] = [];
  parser.parse(text).iterate({
    enter({ node, from, to }) {
      if (node.type.isError) throw new Error(`not PromQL: ${expr}`);
      if (node.name !== 'VectorSelector') return;
      const name = node.getChild('Identifier');
      const labels = node.getChild('LabelMatchers');
      const matchers = variablesOf(name === null ? '' : text.slice(name.from, name.to), identity).map(
        (label) => `${label}=~"$${label}"`,
      );
      const open = labels === null ? '{' : text.slice(labels.from, labels.to) === '{}' ? '' : ',';
      inserted.push({
        at: labels === null ? to : labels.to - 1,
        matchers: `${open}${matchers}${labels === null ? '}' : ''}`,
      });
      if (from === to) throw new Error(`not PromQL: ${expr}`);
    },
  });
  const filtered = inserted.reduceRight((all, { at, matchers }) => all.slice(0, at) + matchers + all.slice(at), text);
  return Object.entries(macros).reduce((all, [macro, duration]) => all.replaceAll(duration, macro), filtered);
}

/** Only for the variables that a dashboard uses. */
export function deploymentVariables(json: string, { identity }: Deployment): dashboard.QueryVariableBuilder[] {
  const chosen = identity.map((label) => `${label}=~"$${label}"`).join(',');
  const answers = `${answerMetrics.answers.name}${chosen === '' ? '' : `{${chosen}}`}`;
  return [
    ...identity.map((label) => [label, title(label), `label_values(${prometheusMetrics.up}, ${label})`] as const),
    ['service', 'Service', `label_values(${answers}, service)`] as const,
    ['instance', 'Instance', `label_values(${answers}, instance)`] as const,
  ]
    .filter(([name]) => json.includes(`$${name}\\"`))
    .map(([name, label, query]) =>
      new dashboard.QueryVariableBuilder(name)
        .label(label)
        .datasource(dataSources.prometheus)
        .query(query)
        .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
        .sort(dashboard.VariableSort.AlphabeticalAsc)
        .multi(true)
        .includeAll(true)
        // Also matches series without the label.
        .allValue('.*')
        .current({ text: 'All', value: '$__all' }),
    );
}

function variablesOf(series: string, identity: readonly string[]): readonly string[] {
  return [
    ...identity,
    ...(services.has(series) || series.startsWith('slo:') ? ['service'] : []),
    ...(instances.has(series) ? ['instance'] : []),
  ];
}

function seriesOf({ name, kind }: Metric): readonly string[] {
  return kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => `${name}${part}`) : [name];
}

function title(label: string): string {
  return `${label.charAt(0).toUpperCase()}${label.slice(1).replaceAll('_', ' ')}`;
}
