/** What happened beside the numbers, drawn over every graph: deployments, alerts, changed prices, plugins, erasures. */
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { buildMetrics } from '../services/catalogue/build-metrics.ts';
import { priceMetrics } from '../services/catalogue/price-metrics.ts';
import { colours } from './house-style.ts';
import { sources, sql } from './queries.ts';

/** A version that did not run a moment ago. */
const deployments = series({
  name: 'Deployments',
  expr: appeared(`count by (version) (${buildMetrics.buildInfo.name})`),
  text: 'version {{version}}',
  colour: colours.other,
});

const alerts = series({
  name: 'Alerts',
  expr: 'ALERTS{alertstate="firing",severity=~"critical|warning"}',
  text: '{{alertname}} {{severity}}',
  colour: colours.bad,
});

const prices = series({
  name: 'Prices',
  expr: `max by (file) (${priceMetrics.pricesAsOf.name}) > max by (file) (${priceMetrics.pricesAsOf.name} offset $__interval)`,
  text: '{{file}} brought up to date',
  colour: colours.warn,
});

const erasures = statement(
  'Erasures',
  `select erased_at as time, 'a learner was erased' as text, 'erasure' as tags from reporting.receipts
where $__timeFilter(erased_at) order by erased_at`,
  colours.third,
);

const plugins = statement(
  'Plugins',
  `select at as time, source || ' ' || change as text, 'plugin' as tags from reporting.plugin_changes
where $__timeFilter(at) order by at`,
  colours.second,
);

/** On every board, each can be switched off; the rarer ones begin so. */
export const annotations: readonly dashboard.AnnotationQueryBuilder[] = [
  alerts,
  deployments,
  prices,
  plugins,
  erasures,
];

function appeared(expr: string): string {
  return `${expr} unless ${expr.replace(/\)$/, ' offset $__interval)')}`;
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
