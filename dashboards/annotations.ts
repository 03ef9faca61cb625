/** Annotations on every graph: alerts, game days, deployments, price changes, plugin changes and erasures. */
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { buildMetrics } from '../services/catalogue/build-metrics.ts';
import { gamedayMetrics } from '../services/catalogue/gameday-metrics.ts';
import { priceMetrics } from '../services/catalogue/price-metrics.ts';
import { dataSources, sqlTable } from './queries.ts';
import { colours } from './theme.ts';

/*
 * Grafana queries once per `$__interval`, draws an annotation where the value is at least 1, and merges consecutive ones into a
 * region. An event must therefore be gone at the next step, and a short state must be searched in the whole previous step.
 */

const alerts = promqlAnnotation({
  name: 'Alerts',
  expr: 'max by (alertname, severity) (max_over_time(ALERTS{alertstate="firing",severity=~"critical|warning"}[$__interval]))',
  text: '{{alertname}} {{severity}}',
  colour: colours.bad,
});

const gamedays = promqlAnnotation({
  name: 'Game days',
  expr: `max by (incident) (max_over_time(${gamedayMetrics.incident.name}[$__interval])) == 1`,
  text: 'game day: {{incident}}',
  colour: colours.fourth,
});

/** A version that did not run one step ago. A restart is not a deployment: the version that ran last is excluded. */
const deployments = promqlAnnotation({
  name: 'Deployments',
  expr: newValue(buildMetrics.buildInfo.name, 'version'),
  text: 'version {{version}}',
  colour: colours.other,
});

/** Without a sample one step ago, the last sample of the day counts, so that a restart is not a price change. */
const prices = promqlAnnotation({
  name: 'Prices',
  expr: changed(priceMetrics.pricesAsOf.name, 'file'),
  text: '{{file}} changed',
  colour: colours.fourth,
});

const plugins = sqlAnnotation(
  'Plugins',
  `select at as time, source || ' ' || change as text, 'plugin' as tags from reporting.plugin_changes
where $__timeFilter(at) order by at`,
  colours.second,
);

/** Shows how many users were erased, never which ones. */
const erasures = sqlAnnotation(
  'Erasures',
  `select date_trunc('minute', erased_at) as time, count(*) || case when count(*) = 1 then ' erasure' else ' erasures' end as text, 'erasure' as tags
from reporting.receipts where $__timeFilter(erased_at) group by 1 order by 1`,
  colours.third,
);

/** Users can switch each of them off in a dashboard. */
export const annotations: readonly dashboard.AnnotationQueryBuilder[] = [
  alerts,
  gamedays,
  deployments,
  prices,
  plugins,
  erasures,
];

function newValue(metric: string, by: string): string {
  const now = `count by (${by}) (${metric})`;
  const before = `count by (${by}) (${metric} offset $__interval)`;
  const seen = `max by (${by}) (max_over_time(timestamp(${metric})[1d:1m] offset $__interval))`;
  // Versions that ran side by side have their last samples within a scrape or two of each other, hence the 120 s.
  return `${now} unless ${before} unless (${seen} >= on () group_left () (max(${seen}) - 120))`;
}

function changed(metric: string, by: string): string {
  const now = `max by (${by}) (${metric})`;
  const before = `max by (${by}) (${metric} offset $__interval)`;
  const last = `max by (${by}) (last_over_time(${metric}[1d] offset $__interval))`;
  return `${now} != (${before} or ${last})`;
}

function promqlAnnotation(options: { name: string; expr: string; text: string; colour: string }) {
  return new dashboard.AnnotationQueryBuilder()
    .name(options.name)
    .datasource(dataSources.prometheus)
    .enable(true)
    .expr(options.expr)
    .step('60s')
    .titleFormat(options.name)
    .textFormat(options.text)
    .iconColor(options.colour);
}

function sqlAnnotation(name: string, statement: string, colour: string) {
  return new dashboard.AnnotationQueryBuilder()
    .name(name)
    .datasource(dataSources.postgres)
    .enable(true)
    .target(sqlTable(statement)(name))
    .iconColor(colour);
}
