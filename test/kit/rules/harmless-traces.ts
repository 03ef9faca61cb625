/** Invented traces of two hours in which nothing may fire. */
import { change, healthyInstallation, type Trace, transaction } from './healthy-installation.ts';

const minutes = 120;
const from = 60;
const healthy = healthyInstallation({ minutes });
const env = 'env="production"';

const all = (trace: Trace, ...changes: readonly (readonly [readonly string[], string])[]) =>
  changes.reduce((changed, [texts, values]) => change(changed, texts, values), trace);
const staging = healthyInstallation({ minutes, labels: 'env="staging"' });
const without = (trace: Trace, ...texts: readonly string[]) =>
  Object.fromEntries(Object.entries(trace).filter(([name]) => !texts.every((text) => name.includes(text))));

const gap = (values: string) => {
  const [, start = '0', step = '0'] = /^(-?\d+(?:\.\d+)?)(?:\+(\d+(?:\.\d+)?))?x/.exec(values) ?? [];
  const after = Number(start) + 81 * Number(step);
  return `${start}+${step}x59 _x20 ${after}+${step}x${minutes - 81}`;
};
/** Starts again at zero in the middle of the trace. */
const reset = (values: string) => values.replace(/^(0\+[\d.]+)x\d+$/, `$1x${from} $1x${minutes - from - 1}`);
const perHour = (values: string) => values.replace(/^(0\+[\d.]+)x\d+$/, '$1x20 _ $1x38 _ $1x57');
const everySeries = (trace: Trace, of: (values: string) => string) =>
  Object.fromEntries(Object.entries(trace).map(([name, values]) => [name, of(values)]));
const relabelled = (trace: Trace, replace: (name: string) => string) =>
  Object.fromEntries(Object.entries(trace).map(([name, values]) => [replace(name), values]));

/** Patterns of a healthy installation, in which nothing may fire. */
export const harmless: Readonly<Record<string, Trace>> = {
  'nothing happens': healthy,
  'ten minutes of fifty times the traffic': everySeries(healthy, (values) =>
    values.replace(
      /^0\+([\d.]+)x\d+$/,
      (_, step) => `0+${step}x59 ${60 * step}+${50 * step}x9 ${560 * step}+${step}x50`,
    ),
  ),
  'a night with three questions, one of which fails': all(
    healthyInstallation({ minutes, perMinute: 0 }),
    [['rag_questions_total', 'instance="a"', 'end="served"'], `0x50 1x20 2x50`],
    [['rag_answers_total', 'instance="a"', 'cited="true"'], `0x50 1x20 2x50`],
    [['rag_questions_total', 'instance="a"', 'end="failed"'], `0x60 1x60`],
    [['rag_answers_total', 'instance="a"', 'outcome="failed"'], `0x60 1x60`],
  ),
  'two deployments within an hour': everySeries(change(healthy, ['process_start'], `1x20 21x39 61x60`), perHour),
  'a gap of 20 minutes in Prometheus, with old losses and unpriced answers': everySeries(
    {
      ...change(healthy, ['rag_unpriced_answers_total'], `5x${minutes}`),
      [`otelcol_exporter_send_failed_spans_total{job="otel-collector",instance="col",exporter="otlp",${env}}`]: `17x${minutes}`,
      [`otelcol_exporter_enqueue_failed_spans_total{job="otel-collector",instance="col",exporter="otlp",${env}}`]: `3x${minutes}`,
    },
    gap,
  ),
  'Prometheus was down for two days': everySeries(
    {
      ...change(healthy, ['rag_unpriced_answers_total'], `5x${minutes}`),
      [`otelcol_exporter_send_failed_spans_total{job="otel-collector",instance="col",exporter="otlp",${env}}`]: `17x${minutes}`,
    },
    (values) => `_x30 ${values.replace(`x${minutes}`, `x${minutes - 30}`)}`,
  ),
  'counters start again at zero': everySeries(healthy, reset),
  'a backup of an hour and a half': {
    ...healthy,
    [transaction('active', 'pg_dump')]: `_x20 0+60x90`,
    [transaction('idle in transaction', 'pg_dump')]: `_x20 0+60x90`,
  },
  'a vacuum and an index build by hand': {
    ...healthy,
    [transaction('active', 'psql')]: `_x20 0+60x90`,
    [`rag_database_unexpected_transaction_seconds{job="postgres",instance="pg",application_name="",${env}}`]: `0x${minutes}`,
  },
  'a migration, a back-fill and the worker’s retention': {
    ...healthy,
    [transaction('active', 'rag migrate')]: `_x20 0+60x90`,
    [transaction('active', 'rag-cli')]: `_x20 0+60x90`,
    [transaction('active', 'rag-worker')]: `_x20 0+60x90`,
  },
  'a second deployment': { ...healthy, ...staging },
  'strangers in the same Prometheus': {
    ...healthy,
    'pg_up{job="billing-db",instance="x"}': `0x${minutes}`,
    'up{job="billing",instance="x"}': `0x${minutes}`,
    'pg_stat_activity_count{job="billing-db",instance="x",state="active"}': `100x${minutes}`,
    'pg_settings_max_connections{job="billing-db",instance="x"}': `100x${minutes}`,
    'pg_stat_activity_max_tx_duration{job="billing-db",instance="x",state="active"}': `9999x${minutes}`,
  },
  'a pair of Prometheus servers': {
    ...relabelled(healthy, (name) => name.replace(/}$/, ',prometheus_replica="1"}')),
    ...relabelled(healthy, (name) => name.replace(/}$/, ',prometheus_replica="2"}')),
  },
  'the monitoring serves two deployments': {
    ...without(without(without(healthy, 'job="prometheus"'), 'job="alertmanager"'), 'job="otel-collector"'),
    ...without(without(without(staging, 'job="prometheus"'), 'job="alertmanager"'), 'job="otel-collector"'),
    ...relabelled(
      Object.fromEntries(
        Object.entries(healthy).filter(([name]) => /job="(prometheus|alertmanager|otel-collector)"/.test(name)),
      ),
      (name) => name.replace(env, 'namespace="monitoring"'),
    ),
  },
  'the clock of the servers is five minutes ahead': change(
    change(healthy, ['process_start'], `300x${minutes}`),
    ['rag_rollup_last_success'],
    `300+60x${minutes}`,
  ),
  'a third server for an hour': {
    ...healthy,
    [`up{job="rag-chat",instance="c",${env}}`]: `_x30 1x60 stale`,
  },
  'no traffic at all': healthyInstallation({ minutes, perMinute: 0 }),
  'a new installation': everySeries(healthy, (values) => `_x40 ${values.replace(`x${minutes}`, `x${minutes - 40}`)}`),
  'users who stop answers, and a scanner without a token': all(
    healthy,
    [['rag_questions_total', 'end="left"'], `0+2x${minutes}`],
    [['rag_questions_total', 'end="refused"'], `0+6x${minutes}`],
  ),
};
