/** The OpenTelemetry Collector: queues, throughput, losses and memory. */

import { collectorOwnMetrics } from '../../services/catalogue/collector-metrics.ts';
import { dashboards } from '../../services/catalogue/links.ts';
import { limits } from '../../services/slo/limits.ts';
import { overrides } from '../overrides.ts';
import { timeSeriesPanel } from '../panel-builders.ts';
import { rangeQuery } from '../queries.ts';
import { colours } from '../theme.ts';

const noCollector = 'no Collector';
const window = limits.collectorLoss;

export function queueUsage() {
  return timeSeriesPanel({
    title: 'Collector queue usage',
    description: `Share of the queue on disk that waits for Tempo or Loki. A warning fires from ${limits.collectorQueue * 100} %: data that does not fit is lost. Find out why the backend rejects data.`,
    unit: 'percentunit',
    min: 0,
    max: 1,
    steps: [
      { value: null, color: colours.good },
      { value: limits.collectorQueue, color: colours.fourth },
    ],
    showSteps: true,
    queries: [
      rangeQuery(
        `max by (exporter, data_type) (${collectorOwnMetrics.queueSize.name} / (${collectorOwnMetrics.queueCapacity.name} > 0))`,
        '{{exporter}} {{data_type}}',
      ),
    ],
    noValue: noCollector,
  });
}

export function throughput() {
  const perMinute = (name: string) => `60 * sum(rate(${name}[$__rate_interval]))`;
  return timeSeriesPanel({
    title: 'Collector throughput per minute',
    description:
      'Spans and log records received, and sent to Tempo and Loki. If received and sent diverge for longer, the queue grows.',
    unit: 'short',
    min: 0,
    queries: [
      rangeQuery(perMinute(collectorOwnMetrics.acceptedSpans.name), 'spans received'),
      rangeQuery(perMinute(collectorOwnMetrics.sentSpans.name), 'spans sent'),
      rangeQuery(perMinute(collectorOwnMetrics.acceptedLogRecords.name), 'log records received'),
      rangeQuery(perMinute(collectorOwnMetrics.sentLogRecords.name), 'log records sent'),
    ],
    noValue: noCollector,
  })
    .overrideByName('spans received', overrides({ colour: colours.good }))
    .overrideByName('spans sent', overrides({ colour: colours.good, dashed: true }))
    .overrideByName('log records received', overrides({ colour: colours.fourth }))
    .overrideByName('log records sent', overrides({ colour: colours.fourth, dashed: true }));
}

export function losses() {
  const lost: readonly (readonly [{ readonly name: string }, string])[] = [
    [collectorOwnMetrics.spansNotSent, 'spans refused by Tempo'],
    [collectorOwnMetrics.logRecordsNotSent, 'log records refused by Loki'],
    [collectorOwnMetrics.spansNotQueued, 'spans not queued'],
    [collectorOwnMetrics.logRecordsNotQueued, 'log records not queued'],
    [collectorOwnMetrics.refusedSpans, 'spans returned'],
    [collectorOwnMetrics.refusedLogRecords, 'log records returned'],
  ];
  return timeSeriesPanel({
    title: `Collector losses (${window})`,
    description:
      'Data that was refused, did not fit into the queue, or was returned to the sender. The counters appear with their first failure: an empty panel is good as long as the Collector is scraped.',
    unit: 'none',
    min: 0,
    queries: lost.map(([{ name }, reason]) => rangeQuery(`sum(increase(${name}[${window}]))`, reason)),
    noValue: 'no losses',
  });
}

export function memory() {
  return timeSeriesPanel({
    title: 'Collector memory',
    description: 'Resident memory. Near its limit the Collector refuses data, and senders retry for some seconds.',
    unit: 'bytes',
    min: 0,
    queries: [rangeQuery(`max(${collectorOwnMetrics.memory.name})`, 'resident')],
    noValue: noCollector,
    links: [{ title: 'Losses', url: `/d/${dashboards.monitoring}?viewPanel=43` }],
  }).overrideByName('resident', overrides({ colour: colours.good }));
}
