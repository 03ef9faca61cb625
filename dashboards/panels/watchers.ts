/** Panels of those who watch: scrapes, rules, pages on their way, the Collector, and how many series there are. */

import { buildMetrics } from '../../services/catalogue/build-metrics.ts';
import { collectorOwnMetrics } from '../../services/catalogue/collector-metrics.ts';
import { dashboards } from '../../services/catalogue/links.ts';
import { prometheusMetrics } from '../../services/catalogue/other-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { anyIs, called, colours, graph, grid, look, numbers } from '../house-style.ts';
import { now, over, rows } from '../queries.ts';
import { joined } from '../tidy.ts';

const on = prometheusMetrics;
const collector = collectorOwnMetrics;
const noCollector = 'no Collector';
const span = limits.collectorLoss;
const none = anyIs(colours.bad);

export function watchdog() {
  return numbers({
    title: 'Watchdog',
    says: 'An alert that always fires, so that somebody notices when alerting is broken. If it is silent, no page will come for anything.',
    unit: 'none',
    steps: [
      { value: null, color: colours.bad },
      { value: 1, color: colours.good },
    ],
    mappings: [called({ '1': ['FIRES, AS IT SHOULD'] })],
    queries: [now('max(ALERTS{alertname="RagWatchdog",alertstate="firing"})', 'watchdog')],
    empty: 'SILENT',
    emptyColour: colours.bad,
  });
}

export function targetsAway() {
  return numbers({
    title: 'Not scraped',
    says: 'Targets that Prometheus cannot scrape: what they would tell is missing, not good. Which ones: the table below.',
    unit: 'none',
    decimals: 0,
    steps: none,
    queries: [now(`count(${on.up} == 0) or 0 * count(${on.up})`, 'away')],
    empty: 'nobody is scraped',
    emptyColour: colours.bad,
  });
}

export function rulesFailed() {
  return numbers({
    title: 'Rules that failed',
    says: 'Evaluations of rules that failed in the last ten minutes: alerts may be missing. Prometheus’s page of rules shows the error.',
    unit: 'none',
    decimals: 0,
    steps: none,
    queries: [now(`sum(increase(${on.rulesFailed}[10m]))`, 'failed')],
    empty: 'not watched',
  });
}

export function notDelivered() {
  return numbers({
    title: 'Not delivered',
    says: 'Alerts in the last ten minutes that Prometheus dropped or Alertmanager could not hand on: people are not told. Look at their logs for the receiver that fails.',
    unit: 'none',
    decimals: 0,
    steps: none,
    queries: [now(`sum(increase({__name__=~"${on.notificationsDropped}|${on.pagesFailed}"}[10m]))`, 'lost')],
    empty: 'not watched',
  });
}

export function targets() {
  const columns = ['job', 'instance', 'Value #A', 'Value #B'];
  const panel = grid({
    title: 'Who is scraped',
    says: 'Every target: whether it answers, and how long that takes: ten seconds are the limit. How many samples each brings is below, with the series.',
    unit: 'none',
    queries: [rows(`sum by (job, instance) (${on.up})`), rows(`sum by (instance) (${on.scrapeDuration})`)],
    sortBy: [{ column: 'Answers', desc: false }],
    empty: 'nobody is scraped',
  });
  joined(panel, 'instance', columns);
  return panel
    .overrideByName('job', look({ name: 'Job', narrow: true }))
    .overrideByName('instance', look({ name: 'Target', narrow: true }))
    .overrideByName(
      'Value #A',
      look({
        name: 'Answers',
        width: 82,
        painted: true,
        mappings: [called({ '0': ['AWAY', colours.bad], '1': ['yes', 'transparent'] })],
      }),
    )
    .overrideByName('Value #B', look({ name: 'Took', unit: 's', decimals: 0, width: 66 }));
}

export function versions() {
  return grid({
    title: 'What runs',
    says: 'Programs by version. Two versions of one program for longer than a deployment takes: one of them was forgotten.',
    unit: 'none',
    queries: [rows(`count by (job, version) (${buildMetrics.buildInfo.name})`)],
    empty: 'nothing runs',
  })
    .overrideByName('Time', look({ hiddenColumn: true }))
    .overrideByName('job', look({ name: 'Job', narrow: true }))
    .overrideByName('version', look({ name: 'Version', width: 74 }))
    .overrideByName('Value', look({ name: 'Processes', width: 90 }));
}

export function ruleGroups() {
  return graph({
    title: 'Rule evaluation, share of its interval',
    says: 'How long each group of rules takes, of the time between two evaluations; of those of promises, the slowest. Near 1, alerts come late; missed evaluations are counted on the right axis.',
    unit: 'percentunit',
    min: 0,
    softMax: 0.5,
    queries: [
      over(
        `max by (group) (label_replace(label_replace(${on.ruleGroupDuration} / (${on.ruleGroupInterval} > 0), "group", "$1", "rule_group", ".*;(.*)"), "group", "promises", "group", "slo_.*")) > 0.001`,
        '{{group}}',
      ),
      over(`sum(increase(${on.ruleGroupsMissed}[$__rate_interval]))`, 'missed'),
    ],
    empty: 'not watched',
  }).overrideByName('missed', look({ colour: colours.bad, unit: 'none', rightAxis: true }));
}

export function notifications() {
  return graph({
    title: 'Pages and messages a minute',
    says: 'What Prometheus told Alertmanager, and what that told people, by way. Sent by Prometheus and by nobody else: Alertmanager has no receiver, see docs/stack.md.',
    unit: 'none',
    min: 0,
    queries: [
      over(`60 * sum(rate(${on.notificationsSent}[$__rate_interval]))`, 'to Alertmanager'),
      over(`60 * sum by (integration) (rate(${on.pagesSent}[$__rate_interval])) > 0`, 'by {{integration}}'),
      over(`60 * sum(rate(${on.pagesFailed}[$__rate_interval]))`, 'failed'),
    ],
    empty: 'not watched',
  })
    .overrideByName('to Alertmanager', look({ colour: colours.good }))
    .overrideByName('failed', look({ colour: colours.bad, dashed: true }));
}

export function series() {
  return graph({
    title: 'Series',
    says: 'How many series Prometheus holds, and samples that each job brings at a scrape. A steady climb is a label with ever new values: find it before memory ends.',
    unit: 'short',
    min: 0,
    queries: [over(`sum(${on.series})`, 'in Prometheus'), over(`sum by (job) (${on.scrapedSamples})`, '{{job}}')],
    empty: 'not watched',
  }).overrideByName('in Prometheus', look({ colour: colours.good, rightAxis: true }));
}

export function seriesByMetric() {
  // A name is no label that numbers could be matched by.
  const counted = (offset: string) =>
    `label_replace(count by (__name__) ({job!=""}${offset}), "metric", "$1", "__name__", "(.+)")`;
  const most = `topk(15, ${counted('')})`;
  const columns = ['metric', 'Value #A', 'Value #B'];
  const panel = grid({
    title: 'Metrics with most series',
    says: 'What fills Prometheus: the fifteen metrics with most series, and by how many each grew within an hour. One that climbs has a label with ever new values, an id or an address: take that label off where the metric is made, or drop it in prometheus.yml.',
    unit: 'none',
    queries: [rows(most), rows(`(${counted('')} - on (metric) ${counted(' offset 1h')}) and on (metric) ${most}`)],
    sortBy: [{ column: 'Series', desc: true }],
    empty: 'not watched',
  });
  joined(panel, 'metric', columns);
  return panel
    .overrideByName('metric', look({ name: 'Metric' }))
    .overrideByName('Value #A', look({ name: 'Series', unit: 'locale', width: 90 }))
    .overrideByName('Value #B', look({ name: 'Within 1 h', unit: 'locale', width: 100, empty: '–' }));
}

export function queues() {
  return graph({
    title: 'Collector: queue in use',
    says: `Share of the queue on disk that waits for Tempo or Loki. From ${limits.collectorQueue * 100} % on somebody is told: what does not fit is lost. Find out why its backend takes nothing.`,
    unit: 'percentunit',
    min: 0,
    max: 1,
    steps: [
      { value: null, color: colours.good },
      { value: limits.collectorQueue, color: colours.fourth },
    ],
    showSteps: true,
    queries: [
      over(
        `max by (exporter, data_type) (${collector.queueSize.name} / (${collector.queueCapacity.name} > 0))`,
        '{{exporter}} {{data_type}}',
      ),
    ],
    empty: noCollector,
  });
}

export function collectorFlow() {
  const perMinute = (name: string) => `60 * sum(rate(${name}[$__rate_interval]))`;
  return graph({
    title: 'Collector: in and out, a minute',
    says: 'Spans and log records that came in, and that Tempo and Loki have. Lines that part for longer than a moment: the queue grows.',
    unit: 'short',
    min: 0,
    queries: [
      over(perMinute(collector.acceptedSpans.name), 'spans in'),
      over(perMinute(collector.sentSpans.name), 'spans out'),
      over(perMinute(collector.acceptedLogRecords.name), 'log lines in'),
      over(perMinute(collector.sentLogRecords.name), 'log lines out'),
    ],
    empty: noCollector,
  })
    .overrideByName('spans in', look({ colour: colours.good }))
    .overrideByName('spans out', look({ colour: colours.good, dashed: true }))
    .overrideByName('log lines in', look({ colour: colours.fourth }))
    .overrideByName('log lines out', look({ colour: colours.fourth, dashed: true }));
}

export function collectorLosses() {
  const lost: readonly (readonly [{ readonly name: string }, string])[] = [
    [collector.spansNotSent, 'spans that Tempo refused'],
    [collector.logRecordsNotSent, 'log lines that Loki refused'],
    [collector.spansNotQueued, 'spans without room'],
    [collector.logRecordsNotQueued, 'log lines without room'],
    [collector.refusedSpans, 'spans sent back'],
    [collector.refusedLogRecords, 'log lines sent back'],
  ];
  return graph({
    title: `Collector: lost within ${span}`,
    says: 'What was refused, found no room or was sent back. These counters appear with their first failure: nothing here is good, as long as the Collector is scraped.',
    unit: 'none',
    min: 0,
    queries: lost.map(([{ name }, what]) => over(`sum(increase(${name}[${span}]))`, what)),
    empty: 'nothing was lost',
  });
}

export function collectorMemory() {
  return graph({
    title: 'Collector: memory',
    says: 'Resident memory. It refuses what comes near its limit, and the senders try again for some seconds.',
    unit: 'bytes',
    min: 0,
    queries: [over(`max(${collector.memory.name})`, 'resident')],
    empty: noCollector,
    links: [{ title: 'What is lost', url: `/d/${dashboards.monitoring}?viewPanel=43` }],
  }).overrideByName('resident', look({ colour: colours.good }));
}
