/** The companions of all other alerts: they fire where the metrics that those read are absent, by deployment. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { buildMetrics } from '../../services/catalogue/build-metrics.ts';
import { collectorOwnMetrics } from '../../services/catalogue/collector-metrics.ts';
import { intakeMetrics } from '../../services/catalogue/intake-metrics.ts';
import { databaseMetrics, prometheusMetrics, scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { recordMetrics } from '../../services/catalogue/record-metrics.ts';
import { retentionMetrics } from '../../services/catalogue/retention-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

type Job = keyof typeof scrapeJobs;

/** Metrics that a program exposes from its start, whatever is configured. Each group of alerts reads at least one of them. */
export const constantMetrics: Readonly<Record<Job, readonly string[]>> = {
  chat: [
    answerMetrics.questions.name,
    answerMetrics.feedback.name,
    recordMetrics.records.name,
    recordMetrics.chatDatabaseUp.name,
    intakeMetrics.spans.name,
    buildMetrics.processStart.name,
  ],
  worker: [
    workerMetrics.rollupConsecutiveFailures.name,
    workerMetrics.judgements.name,
    retentionMetrics.retentionConsecutiveFailures.name,
    buildMetrics.processStart.name,
  ],
  database: [
    databaseMetrics.up,
    databaseMetrics.sessions,
    databaseMetrics.mostConnections,
    databaseMetrics.longestTransaction,
    databaseMetrics.longestLockWait,
  ],
  collector: [collectorOwnMetrics.queueSize.name],
  prometheus: [prometheusMetrics.rulesFailed, prometheusMetrics.walWritesFailed],
  alertmanager: [prometheusMetrics.pagesFailed],
};

/** Without the database, its exporter and the worker expose no more than that it is unavailable. */
const needsDatabase: Partial<Record<Job, string>> = {
  database: databaseMetrics.up,
  worker: workerMetrics.workerDatabaseUp.name,
};

export function inputAlerts({ duration, component }: RuleContext): readonly Alert[] {
  const { up } = prometheusMetrics;
  const { max, count, on } = component;
  const { chat, worker } = scrapeJobs;
  const deployments = max(select(up, { job: [chat, worker] }));
  const labelled = (expr: string, labels: Readonly<Record<string, string>>) =>
    Object.entries(labels).reduce(
      (inside, [name, value]) => `label_replace(${inside}, "${name}", "${value}", "", "")`,
      expr,
    );
  const common = { severity: 'warning', for: duration(limits.missingInputFor), dashboard: 'monitoring' } as const;
  const missing = (job: string) => {
    const targets = count(select(up, { job }));
    const before = max(`last_over_time(${select(up, { job })}[${duration(limits.seenBefore)}])`);
    return labelled(
      // Targets that belong to no deployment, such as those of a shared monitoring namespace, serve all of them.
      `(${deployments} unless ${on} ${targets} unless on () (${targets} unless ${on} ${deployments}) or ${before} unless ${on} ${targets})`,
      { job },
    );
  };
  const absent = (job: Job, metric: string) => {
    const guard = needsDatabase[job];
    const name = scrapeJobs[job];
    const running = max(`${select(up, { job: name })} == 1`);
    const readable =
      guard === undefined || guard === metric ? '' : ` and ${on} ${max(select(guard, { job: name }))} == 1`;
    return labelled(`(${running}${readable} unless ${on} ${max(select(metric, { job: name }))})`, {
      job: name,
      metric,
    });
  };
  return [
    {
      ...common,
      alert: 'RagInputMissing',
      service: '{{ $labels.job }}',
      slo: 'input_missing',
      expr: [
        ...Object.values(scrapeJobs).map(missing),
        ...[chat, worker].map((job) => `absent(${select(up, { job })}) unless on () ${deployments}`),
      ].join('\nor '),
      summary: 'Prometheus has no {{ $labels.job }} target, so the alerts on its metrics cannot fire.',
      action: 'Add the scrape job, or set its name under `jobs` in slo.yaml',
    },
    {
      ...common,
      alert: 'RagSeriesMissing',
      service: '{{ $labels.job }}',
      slo: 'series_missing',
      expr: Object.entries(constantMetrics)
        .flatMap(([job, metrics]) => metrics.map((metric) => absent(job as Job, metric)))
        .join('\nor '),
      summary: '{{ $labels.job }} is scraped, but has no {{ $labels.metric }}, so the alerts on it cannot fire.',
      action:
        'Compare its version, its configuration and the relabelling in Prometheus with those of the shipped stack',
    },
  ];
}
