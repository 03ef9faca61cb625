/** What happened beside the numbers, drawn over every graph: alerts, game days, versions, prices, sources, erasures. */
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { buildMetrics } from '../services/catalogue/build-metrics.ts';
import { gamedayMetrics } from '../services/catalogue/gameday-metrics.ts';
import { priceMetrics } from '../services/catalogue/price-metrics.ts';
import { colours } from './house-style.ts';
import { sources, sql } from './queries.ts';

/*
 * Grafana asks every `$__interval`, marks each value of 1 or more, and joins marks that follow each other into one: what shall be
 * a moment must be gone at the next step, and what was short must be looked for in the whole step behind.
 */

const alerts = series({
  name: 'Alerts',
  expr: 'max by (alertname, severity) (max_over_time(ALERTS{alertstate="firing",severity=~"critical|warning"}[$__interval]))',
  text: '{{alertname}} {{severity}}',
  colour: colours.bad,
});

const gamedays = series({
  name: 'Game days',
  expr: `max by (incident) (max_over_time(${gamedayMetrics.incident.name}[$__interval])) == 1`,
  text: 'rehearsed: {{incident}}',
  colour: colours.fourth,
});

/** A version that did not run before. What comes back after all was down was running last, so a restart is none. */
const deployments = series({
  name: 'Deployments',
  expr: lasting(buildMetrics.buildInfo.name, 'version'),
  text: 'version {{version}}',
  colour: colours.other,
});

/** Where nothing was told a step ago, what was told last within a day counts: a restart changes no prices. */
const prices = series({
  name: 'Prices',
  expr: changed(priceMetrics.pricesAsOf.name, 'file'),
  text: '{{file}} changed',
  colour: colours.fourth,
});

const plugins = statement(
  'Plugins',
  `select at as time, source || ' ' || change as text, 'plugin' as tags from reporting.plugin_changes
where $__timeFilter(at) order by at`,
  colours.second,
);

/** How many, never whose. */
const erasures = statement(
  'Erasures',
  `select date_trunc('minute', erased_at) as time, count(*) || case when count(*) = 1 then ' erasure' else ' erasures' end as text, 'erasure' as tags
from reporting.receipts where $__timeFilter(erased_at) group by 1 order by 1`,
  colours.third,
);

/** On every board; each can be switched off there. */
export const annotations: readonly dashboard.AnnotationQueryBuilder[] = [
  alerts,
  gamedays,
  deployments,
  prices,
  plugins,
  erasures,
];

function lasting(metric: string, by: string): string {
  const now = `count by (${by}) (${metric})`;
  const before = `count by (${by}) (${metric} offset $__interval)`;
  const seen = `max by (${by}) (max_over_time(timestamp(${metric})[1d:1m] offset $__interval))`;
  // Of several that ran side by side, each was seen last within a scrape or two of the others.
  return `${now} unless ${before} unless (${seen} >= on () group_left () (max(${seen}) - 120))`;
}

function changed(metric: string, by: string): string {
  const now = `max by (${by}) (${metric})`;
  const before = `max by (${by}) (${metric} offset $__interval)`;
  const last = `max by (${by}) (last_over_time(${metric}[1d] offset $__interval))`;
  return `${now} != (${before} or ${last})`;
}

function series(given: { name: string; expr: string; text: string; colour: string }) {
  return new dashboard.AnnotationQueryBuilder()
    .name(given.name)
    .datasource(sources.prometheus)
    .enable(true)
    .expr(given.expr)
    .step('60s')
    .titleFormat(given.name)
    .textFormat(given.text)
    .iconColor(given.colour);
}

function statement(name: string, text: string, colour: string) {
  return new dashboard.AnnotationQueryBuilder()
    .name(name)
    .datasource(sources.postgres)
    .enable(true)
    .target(sql(text)(name))
    .iconColor(colour);
}
