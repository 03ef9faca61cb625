/** Alerts on telemetry that stopped: without it every other alert is silent, which is not the same as good. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { collectorOwnMetrics } from '../../services/catalogue/collector-metrics.ts';
import { prometheusMetrics, scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { ScaledDurations } from './scaled-durations.ts';

export function telemetryAlerts({ duration }: ScaledDurations): readonly Alert[] {
  const { chat, worker, collector, prometheus, alertmanager } = scrapeJobs;
  const { up, rulesFailed, notificationsDropped, pagesFailed } = prometheusMetrics;
  const targets = (job: readonly string[]) => select(up, { job });
  const own = collectorOwnMetrics;
  const lost = [own.spansNotSent, own.logRecordsNotSent, own.spansNotQueued, own.logRecordsNotQueued, own.refusedSpans];
  const losses = `{__name__=~"${[...lost, own.refusedLogRecords].map(({ name }) => name).join('|')}"}`;
  const lossSpan = duration(limits.collectorLoss);
  const common = { for: duration(limits.processDownFor), dashboard: 'monitoring' } as const;
  const silent = (service: string, metric: string, what: string): Alert => ({
    ...common,
    alert: service === chat ? 'RagChatSilent' : 'RagWorkerSilent',
    service,
    slo: service === chat ? 'chat_silent' : 'worker_silent',
    severity: 'critical',
    expr: `absent(${metric})`,
    summary: `No metrics of ${what} reach Prometheus: nothing is known of its promises.`,
    action: `Find out whether ${what} runs and whether Prometheus can reach its metrics`,
  });
  return [
    {
      ...common,
      alert: 'RagTargetDown',
      service: '{{ $labels.job }}',
      slo: 'target',
      severity: 'critical',
      expr: `max by (job) (${targets(Object.values(scrapeJobs))}) == 0`,
      summary: 'Prometheus reaches no {{ $labels.job }} at all.',
      action: 'Find out whether it runs and whether its metrics can be reached',
    },
    {
      ...common,
      alert: 'RagTargetDown',
      service: '{{ $labels.job }}',
      slo: 'target',
      severity: 'warning',
      expr: `count by (job) (${targets(Object.values(scrapeJobs))} == 0)`,
      summary: '{{ $value }} of the {{ $labels.job }} targets cannot be reached.',
      action: 'Find out whether it runs and whether its metrics can be reached',
    },
    // `up` stays 1 when an exporter answers and has nothing to tell.
    silent(chat, answerMetrics.answers.name, 'the chat server'),
    silent(worker, workerMetrics.workerDatabaseUp.name, 'the worker'),
    {
      ...common,
      alert: 'RagCollectorQueue',
      service: collector,
      slo: 'collector_queue',
      severity: 'warning',
      expr: `max by (exporter) (${own.queueSize.name} / (${own.queueCapacity.name} > 0)) > ${limits.collectorQueue}`,
      summary:
        "The Collector's queue of {{ $labels.exporter }} is {{ $value | humanizePercentage }} full; what does not fit is lost.",
      action: 'Find out why its backend takes nothing',
    },
    {
      ...common,
      alert: 'RagCollectorLoss',
      service: collector,
      slo: 'collector_loss',
      severity: 'warning',
      for: '0s',
      // These counters appear with their first failure, which increase() does not see.
      expr: `sum(increase(${losses}[${lossSpan}])) > 0 or sum(${losses} unless ${losses} offset ${lossSpan}) > 0`,
      summary: `The Collector refused, dropped or failed to send {{ $value | printf "%.0f" }} spans, logs or points within ${limits.collectorLoss}.`,
      action: "Look into the Collector's log for the exporter that fails",
    },
    {
      ...common,
      alert: 'RagRulesFailing',
      service: prometheus,
      slo: 'rules',
      severity: 'critical',
      for: '0s',
      expr: `sum(increase(${rulesFailed}[${duration('10m')}])) > 0`,
      summary: 'Prometheus cannot evaluate some of its rules: alerts may be missing.',
      action: "Open Prometheus's page of rules and read the error",
    },
    {
      ...common,
      alert: 'RagAlertsNotDelivered',
      service: alertmanager,
      slo: 'delivery',
      severity: 'critical',
      for: '0s',
      expr: `sum(increase({__name__=~"${notificationsDropped}|${pagesFailed}"}[${duration('10m')}])) > 0`,
      summary: 'Alerts do not reach the people they are for.',
      action: 'Look at the log of Prometheus and Alertmanager for the receiver that fails',
    },
    {
      ...common,
      alert: 'RagWatchdog',
      service: prometheus,
      slo: 'watchdog',
      severity: 'none',
      for: '0s',
      expr: 'vector(1)',
      summary: 'Always fires, so that its absence tells that alerting is broken.',
      action: 'Nothing, while it arrives; when it stops, look at Prometheus and Alertmanager',
    },
  ];
}
