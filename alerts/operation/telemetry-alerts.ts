/** Alerts on missing telemetry, without which no other alert can fire. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { collectorOwnMetrics } from '../../services/catalogue/collector-metrics.ts';
import { prometheusMetrics, scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

export function telemetryAlerts({ duration, component, born }: RuleContext): readonly Alert[] {
  const { chat, worker, collector, prometheus, alertmanager } = scrapeJobs;
  const { up, rulesFailed, notificationsDropped, pagesFailed } = prometheusMetrics;
  const { max, sum, count, increase, on } = component;
  const targets = (job: readonly string[]) => select(up, { job });
  const own = collectorOwnMetrics;
  const lost = [own.spansNotSent, own.logRecordsNotSent, own.spansNotQueued, own.logRecordsNotQueued, own.refusedSpans];
  /** Counters that can have equal labels: without a label of their own, increase() of several would fail. */
  const losses = (of: (counter: string) => string) =>
    [...lost, own.refusedLogRecords]
      .map(({ name }) => `label_replace(${of(name)}, "loss", "${name}", "", "")`)
      .join(' or ');
  const lossWindow = duration(limits.collectorLoss);
  const common = { for: duration(limits.processDownFor), dashboard: 'monitoring' } as const;
  /** A deployment that was scraped within the last day and has no sample now; without any, the metric is absent everywhere. */
  const missing = (job: string, metric: string) => {
    const now = max(metric);
    const before = max(`last_over_time(${select(up, { job })}[${duration(limits.seenBefore)}])`);
    return `${before} unless ${on} ${now}\nor on () absent(${metric})`;
  };
  const silent = (service: string, metric: string, what: string): Alert => ({
    ...common,
    alert: service === chat ? 'RagChatSilent' : 'RagWorkerSilent',
    service,
    slo: service === chat ? 'chat_silent' : 'worker_silent',
    severity: 'critical',
    expr: missing(service, metric),
    summary: `Prometheus receives no metrics from ${what}; its SLOs cannot be evaluated.`,
    action: `Check whether ${what} is running and whether Prometheus can reach its metrics`,
  });
  return [
    {
      ...common,
      alert: 'RagTargetDown',
      service: '{{ $labels.job }}',
      slo: 'target',
      severity: 'critical',
      expr: `${max(targets(Object.values(scrapeJobs)), 'job')} == 0`,
      summary: 'Prometheus cannot reach any {{ $labels.job }} target.',
      action: 'Check whether it is running and whether Prometheus can reach its metrics',
    },
    {
      ...common,
      alert: 'RagTargetDown',
      service: '{{ $labels.job }}',
      slo: 'target',
      severity: 'warning',
      expr: count(`${targets(Object.values(scrapeJobs))} == 0`, 'job'),
      summary: 'Prometheus cannot reach {{ $value }} of the {{ $labels.job }} targets.',
      action: 'Check whether it is running and whether Prometheus can reach its metrics',
    },
    // `up` stays 1 when an exporter responds without metrics.
    silent(chat, answerMetrics.answers.name, 'the chat server'),
    silent(worker, workerMetrics.workerDatabaseUp.name, 'the worker'),
    {
      ...common,
      alert: 'RagCollectorQueue',
      service: collector,
      slo: 'collector_queue',
      severity: 'warning',
      expr: `${max(`${own.queueSize.name} / (${own.queueCapacity.name} > 0)`, 'exporter')} > ${limits.collectorQueue}`,
      summary:
        "The Collector's queue for {{ $labels.exporter }} is {{ $value | humanizePercentage }} full. Data that does not fit is lost.",
      action: 'Find out why the backend rejects data',
    },
    {
      ...common,
      alert: 'RagCollectorLoss',
      service: collector,
      slo: 'collector_loss',
      severity: 'warning',
      for: '0s',
      // These counters appear with their first failure, which increase() does not count.
      expr: [
        `${sum(losses((counter) => `increase(${counter}[${lossWindow}])`))} > 0`,
        `or ${sum(losses((counter) => born(counter, limits.collectorLoss)))} > 0`,
      ].join('\n'),
      summary: `The Collector rejected, dropped or failed to send {{ $value | printf "%.0f" }} spans or log records within ${limits.collectorLoss}.`,
      action: "Find the failing exporter in the Collector's log",
    },
    {
      ...common,
      alert: 'RagRulesFailing',
      service: prometheus,
      slo: 'rules',
      severity: 'critical',
      for: '0s',
      expr: `${increase(rulesFailed, duration('10m'))} > 0`,
      summary: 'Prometheus cannot evaluate some rules, so alerts may be missing.',
      action: 'Read the error on the Rules page of Prometheus',
    },
    {
      ...common,
      alert: 'RagAlertsNotDelivered',
      service: alertmanager,
      slo: 'delivery',
      severity: 'critical',
      for: '0s',
      expr: [notificationsDropped, pagesFailed]
        .map((failed) => `${increase(failed, duration('10m'))} > 0`)
        .join('\nor '),
      summary: 'Alert notifications are not being delivered.',
      action: 'Find the failing receiver in the logs of Prometheus and Alertmanager',
    },
    {
      ...common,
      alert: 'RagWatchdog',
      service: prometheus,
      slo: 'watchdog',
      severity: 'none',
      for: '0s',
      expr: 'vector(1)',
      summary: 'Always fires. If it stops, alerting is broken.',
      action: 'None while it arrives. If it stops, check Prometheus and Alertmanager',
    },
  ];
}
