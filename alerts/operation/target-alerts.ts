/** Alerts on scrape targets that vanish or restart again and again, and on the storage of Prometheus. */
import { buildMetrics } from '../../services/catalogue/build-metrics.ts';
import { prometheusMetrics, scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

/** Fewest targets of a deployment by job. */
export type Expected = { readonly [job in keyof typeof scrapeJobs]?: number | undefined };

export function targetAlerts({ duration, component }: RuleContext, expected: Expected): readonly Alert[] {
  const { up, compactionsFailed, walWritesFailed } = prometheusMetrics;
  const { max, count, increase } = component;
  const { chat, worker, prometheus } = scrapeJobs;
  const { vanished, crashLoop, storage } = limits;
  const common = { severity: 'warning', dashboard: 'monitoring' } as const;
  const ofJob = ['job', ...component.labels].join(', ');
  const ours = select(up, { job: [chat, worker] });
  const targets = count(ours, 'job');
  const recently = `(${targets})[${duration(crashLoop.window)}:${duration('1m')}]`;
  const before = `(${targets})[${duration(limits.seenBefore)}:${duration('5m')}] offset ${duration('10m')}`;
  const changes = (series: string) => max(`changes(${series}[${duration(crashLoop.window)}])`, 'job', 'instance');
  const fewer = Object.entries(expected).flatMap(([key, least]) =>
    least === undefined
      ? []
      : [`or ${count(select(up, { job: scrapeJobs[key as keyof typeof scrapeJobs] }), 'job')} < ${least}`],
  );
  /** Targets that came and went within the window, such as pods with a new address after each crash. */
  const cameAndWent = count(
    `count_over_time(${ours}[${duration(crashLoop.window)}]) unless ${ours} offset ${duration(crashLoop.window)} unless ${ours}`,
    'job',
  );
  return [
    {
      ...common,
      alert: 'RagTargetsVanished',
      service: '{{ $labels.job }}',
      slo: 'targets_vanished',
      for: duration(vanished.for),
      expr: [
        `${targets} < ${vanished.share} * max_over_time((${targets})[${duration(vanished.window)}:${duration('1m')}])`,
        `or ${targets} < floor(quantile_over_time(${vanished.seldom}, ${before}))`,
        ...fewer,
      ].join('\n'),
      summary: `Prometheus has only {{ $value }} {{ $labels.job }} targets: less than half as many as within the last ${vanished.window}, fewer than it had all day, or fewer than slo.yaml expects.`,
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
        `or ${changes(ours)} >= ${2 * crashLoop.restarts}`,
        // More than autoscaling or a deployment replaces: several times as many as usually run at once.
        `or label_replace(${cameAndWent} >= on (${ofJob}) ${crashLoop.restarts} * quantile_over_time(0.9, ${recently}), "instance", "ever new addresses", "", "")`,
      ].join('\n'),
      summary: `{{ $labels.job }} at {{ $labels.instance }} restarts again and again ({{ $value }} changes in ${crashLoop.window}).`,
      action: 'Read why it stopped in its log',
    },
    {
      ...common,
      alert: 'RagPrometheusStorage',
      service: prometheus,
      slo: 'prometheus_storage',
      for: '0s',
      expr: [compactionsFailed, walWritesFailed]
        .map((failed) => `${increase(failed, duration(storage))} > 0`)
        .join('\nor '),
      summary: `Prometheus failed to write {{ $value | printf "%.0f" }} times within ${storage}. Its disk may be full.`,
      action: 'Free disk space or lower the retention',
    },
  ];
}
