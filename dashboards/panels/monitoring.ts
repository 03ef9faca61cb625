/** Monitoring itself: scrape targets, rules, notifications, versions and Prometheus series. */
import { buildMetrics } from '../../services/catalogue/build-metrics.ts';
import { prometheusMetrics } from '../../services/catalogue/other-metrics.ts';
import { overrides, valueMapping } from '../overrides.ts';
import { statPanel, tablePanel, timeSeriesPanel } from '../panel-builders.ts';
import { instantQuery, rangeQuery, tableQuery } from '../queries.ts';
import { colours, nonZeroSteps } from '../theme.ts';
import { joinBy } from '../transformations.ts';

const metrics = prometheusMetrics;
const badIfAny = nonZeroSteps(colours.bad);

export function watchdog() {
  return statPanel({
    title: 'Watchdog',
    description:
      'This alert always fires, to show that alerting works. If it does not fire, Prometheus does not evaluate its rules and sends no alerts.',
    unit: 'none',
    steps: [
      { value: null, color: colours.bad },
      { value: 1, color: colours.good },
    ],
    mappings: [valueMapping({ '1': ['FIRES (OK)'] })],
    queries: [instantQuery('max(ALERTS{alertname="RagWatchdog",alertstate="firing"})', 'watchdog')],
    noValue: 'NOT FIRING',
    noValueColour: colours.bad,
  });
}

export function targetsDown() {
  return statPanel({
    title: 'Targets down',
    description:
      'Targets that Prometheus cannot scrape. Their metrics are missing, not good. The table below shows which ones.',
    unit: 'none',
    decimals: 0,
    steps: badIfAny,
    queries: [instantQuery(`count(${metrics.up} == 0) or 0 * count(${metrics.up})`, 'down')],
    noValue: 'no targets',
    noValueColour: colours.bad,
  });
}

export function ruleFailures() {
  return statPanel({
    title: 'Rule failures',
    description:
      'Rule evaluations that failed in the last ten minutes. Alerts may be missing: the rules page of Prometheus shows the error.',
    unit: 'none',
    decimals: 0,
    steps: badIfAny,
    queries: [instantQuery(`sum(increase(${metrics.rulesFailed}[10m]))`, 'failed')],
    noValue: 'no data',
  });
}

export function undeliveredAlerts() {
  return statPanel({
    title: 'Undelivered alerts',
    description:
      'Alerts that Prometheus dropped or Alertmanager failed to deliver in the last ten minutes. Find the failing receiver in their logs.',
    unit: 'none',
    decimals: 0,
    steps: badIfAny,
    queries: [
      instantQuery(`sum(increase({__name__=~"${metrics.notificationsDropped}|${metrics.pagesFailed}"}[10m]))`, 'lost'),
    ],
    noValue: 'no data',
  });
}

export function scrapeTargets() {
  const columns = ['job', 'instance', 'Value #A', 'Value #B'];
  const panel = tablePanel({
    title: 'Scrape targets',
    description:
      'All targets with their state and scrape duration. The scrape timeout is ten seconds. The graph of Prometheus series shows the samples per job.',
    unit: 'none',
    queries: [
      tableQuery(`sum by (job, instance) (${metrics.up})`),
      tableQuery(`sum by (instance) (${metrics.scrapeDuration})`),
    ],
    sortBy: [{ column: 'State', desc: false }],
    noValue: 'no targets',
  });
  joinBy(panel, 'instance', columns);
  return panel
    .overrideByName('job', overrides({ name: 'Job', narrow: true }))
    .overrideByName('instance', overrides({ name: 'Target', narrow: true }))
    .overrideByName(
      'Value #A',
      overrides({
        name: 'State',
        width: 82,
        coloured: true,
        mappings: [valueMapping({ '0': ['DOWN', colours.bad], '1': ['up', 'transparent'] })],
      }),
    )
    .overrideByName('Value #B', overrides({ name: 'Duration', unit: 's', decimals: 0, width: 66 }));
}

export function runningVersions() {
  return tablePanel({
    title: 'Running versions',
    description:
      'Processes by program and version. If two versions of a program run for longer than a deployment takes, a process was not updated.',
    unit: 'none',
    queries: [tableQuery(`count by (job, version) (${buildMetrics.buildInfo.name})`)],
    noValue: 'no processes',
  })
    .overrideByName('Time', overrides({ hiddenColumn: true }))
    .overrideByName('job', overrides({ name: 'Job', narrow: true }))
    .overrideByName('version', overrides({ name: 'Version', width: 74 }))
    .overrideByName('Value', overrides({ name: 'Processes', width: 90 }));
}

export function ruleEvaluationTime() {
  return timeSeriesPanel({
    title: 'Rule evaluation time',
    description:
      'Evaluation time per rule group as a share of its interval; objectives: the slowest of the SLO groups. Near 1, alerts are late. Missed evaluations are on the right axis.',
    unit: 'percentunit',
    min: 0,
    softMax: 0.5,
    queries: [
      rangeQuery(
        `max by (group) (label_replace(label_replace(${metrics.ruleGroupDuration} / (${metrics.ruleGroupInterval} > 0), "group", "$1", "rule_group", ".*;(.*)"), "group", "objectives", "group", "slo_.*")) > 0.001`,
        '{{group}}',
      ),
      rangeQuery(`sum(increase(${metrics.ruleGroupsMissed}[$__rate_interval]))`, 'missed'),
    ],
    noValue: 'no data',
  }).overrideByName('missed', overrides({ colour: colours.bad, unit: 'none', rightAxis: true }));
}

export function notificationsPerMinute() {
  return timeSeriesPanel({
    title: 'Notifications per minute',
    description:
      'Alerts sent by Prometheus to Alertmanager, and notifications sent by Alertmanager per integration. If only Prometheus sends, Alertmanager has no receiver: see docs/stack.md.',
    unit: 'none',
    min: 0,
    queries: [
      rangeQuery(`60 * sum(rate(${metrics.notificationsSent}[$__rate_interval]))`, 'to Alertmanager'),
      rangeQuery(`60 * sum by (integration) (rate(${metrics.pagesSent}[$__rate_interval])) > 0`, 'by {{integration}}'),
      rangeQuery(`60 * sum(rate(${metrics.pagesFailed}[$__rate_interval]))`, 'failed'),
    ],
    noValue: 'no data',
  })
    .overrideByName('to Alertmanager', overrides({ colour: colours.good }))
    .overrideByName('failed', overrides({ colour: colours.bad, dashed: true }));
}

export function seriesCount() {
  return timeSeriesPanel({
    title: 'Prometheus series',
    description:
      'Series in Prometheus (right axis), and samples per scrape of each job. A steady increase is a label with unbounded values: find it before memory runs out.',
    unit: 'short',
    min: 0,
    queries: [
      rangeQuery(`sum(${metrics.series})`, 'in Prometheus'),
      rangeQuery(`sum by (job) (${metrics.scrapedSamples})`, '{{job}}'),
    ],
    noValue: 'no data',
  }).overrideByName('in Prometheus', overrides({ colour: colours.good, rightAxis: true }));
}

export function seriesByMetric() {
  // Vector matching ignores metric names, so the name becomes a label.
  const counted = (offset: string) =>
    `label_replace(count by (__name__) ({job!=""}${offset}), "metric", "$1", "__name__", "(.+)")`;
  const most = `topk(15, ${counted('')})`;
  const columns = ['metric', 'Value #A', 'Value #B'];
  const panel = tablePanel({
    title: 'Metrics with the most series',
    description:
      'The fifteen metrics with the most series, and their growth within one hour. A growing metric has a label with unbounded values, such as an id or an address: remove the label where the metric is created, or drop it in prometheus.yml.',
    unit: 'none',
    queries: [
      tableQuery(most),
      tableQuery(`(${counted('')} - on (metric) ${counted(' offset 1h')}) and on (metric) ${most}`),
    ],
    sortBy: [{ column: 'Series', desc: true }],
    noValue: 'no data',
  });
  joinBy(panel, 'metric', columns);
  return panel
    .overrideByName('metric', overrides({ name: 'Metric' }))
    .overrideByName('Value #A', overrides({ name: 'Series', unit: 'locale', width: 90 }))
    .overrideByName('Value #B', overrides({ name: 'Growth, 1 h', unit: 'locale', width: 100, noValue: '–' }));
}
