/** Alerts on scrape targets that vanish, restart again and again or were never there, and on the storage of Prometheus. */
import { buildMetrics } from '../../services/catalogue/build-metrics.ts';
import { prometheusMetrics, scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

export function targetAlerts({ duration, component }: RuleContext): readonly Alert[] {
  const { up, compactionsFailed, walWritesFailed } = prometheusMetrics;
  const { max, count, increase } = component;
  const { chat, worker, prometheus } = scrapeJobs;
  const { vanished, crashLoop, missingInputFor, storage } = limits;
  const common = { severity: 'warning', dashboard: 'monitoring' } as const;
  const targets = count(select(up, { job: [chat, worker] }), 'job');
  const changes = (series: string) => max(`changes(${series}[${duration(crashLoop.window)}])`, 'job', 'instance');
  return [
    {
      ...common,
      alert: 'RagTargetsVanished',
      service: '{{ $labels.job }}',
      slo: 'targets_vanished',
      for: duration(vanished.for),
      expr: `${targets} < ${vanished.share} * max_over_time((${targets})[${duration(vanished.window)}:${duration('1m')}])`,
      summary: `Prometheus has only {{ $value }} {{ $labels.job }} targets, less than half as many as within the last ${vanished.window}.`,
      action: 'Check whether the replicas were scaled down on purpose, or service discovery lost them',
    },
    {
      ...common,
      alert: 'RagCrashLoop',
      service: '{{ $labels.job }}',
      slo: 'crash_loop',
      for: '0s',
      expr: [
        `${changes(select(buildMetrics.processStart.name, { job: [chat, worker] }))} >= ${crashLoop.restarts}`,
        `or ${changes(select(up, { job: [chat, worker] }))} >= ${2 * crashLoop.restarts}`,
      ].join('\n'),
      summary: `{{ $labels.job }} at {{ $labels.instance }} restarts again and again ({{ $value }} changes in ${crashLoop.window}).`,
      action: 'Read why it stopped in its log',
    },
    {
      ...common,
      alert: 'RagInputMissing',
      service: '{{ $labels.job }}',
      slo: 'input_missing',
      for: duration(missingInputFor),
      expr: Object.values(scrapeJobs)
        .map((job) => `absent(${select(up, { job })})`)
        .join('\nor '),
      summary: 'Prometheus has no {{ $labels.job }} target, so the alerts on its metrics cannot fire.',
      action: 'Add the scrape job, or set its name under `jobs` in slo.yaml',
    },
    {
      ...common,
      alert: 'RagPrometheusStorage',
      service: prometheus,
      slo: 'prometheus_storage',
      for: '0s',
      expr: `${increase(`{__name__=~"${compactionsFailed}|${walWritesFailed}"}`, duration(storage))} > 0`,
      summary: `Prometheus failed to write {{ $value | printf "%.0f" }} times within ${storage}. Its disk may be full.`,
      action: 'Free disk space or lower the retention',
    },
  ];
}
