/** Invented traces of two hours, each with an outage that begins after the first. */
import { change, healthyInstallation, type Trace } from './healthy-installation.ts';

const minutes = 120;
const from = 60;
const healthy = healthyInstallation({ minutes });
const env = 'env="production"';

/** Values that grow by a step up to the outage and by another one in it. */
const turns = (before: number, after: number, at = from) =>
  `0+${before}x${at - 1} ${before * at}+${after}x${minutes - at}`;
const until = (value: number, next: number, at = from) => `${value}x${at} ${next}x${minutes - at}`;
const all = (trace: Trace, ...changes: readonly (readonly [readonly string[], string])[]) =>
  changes.reduce((changed, [texts, values]) => change(changed, texts, values), trace);

export type Outage = {
  readonly name: string;
  readonly trace: Trace;
  /** Alerts that must fire, with labels that they must have. */
  readonly fires: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Minutes from its beginning. */
  readonly within: number;
  /** Nothing else may fire then. */
  readonly only?: true;
};

const tenServers = healthyInstallation({ minutes, chats: [...'abcdefghij'], perMinute: 4 });
const staging = healthyInstallation({ minutes, labels: 'env="staging"' });
const without = (trace: Trace, ...texts: readonly string[]) =>
  Object.fromEntries(Object.entries(trace).filter(([name]) => !texts.every((text) => name.includes(text))));

export const outages: readonly Outage[] = [
  {
    name: 'the identity provider is unreachable',
    trace: all(
      healthy,
      [['rag_questions_total', 'end="served"'], turns(10, 0)],
      [['rag_questions_total', 'end="failed"'], turns(0, 10)],
      [['authenticate', 'result="ok"'], turns(10, 0)],
      [['authenticate', 'result="failed"'], turns(0, 10)],
      [['rag_answers_total', 'cited="true"'], turns(10, 0)],
    ),
    fires: { RagAvailability: { severity: 'critical' } },
    within: 5,
  },
  {
    name: 'the model hangs and clients give up',
    trace: all(
      healthy,
      [['rag_questions_total', 'end="served"'], turns(10, 0)],
      [['rag_questions_total', 'end="gave_up"'], turns(0, 10)],
      [['rag_answers_total', 'cited="true"'], turns(10, 0)],
    ),
    fires: { RagAvailability: { severity: 'critical' } },
    within: 5,
  },
  {
    name: 'the model fails',
    trace: all(
      healthy,
      [['rag_questions_total', 'end="served"'], turns(10, 0)],
      [['rag_questions_total', 'end="failed"'], turns(0, 10)],
      [['rag_answers_total', 'cited="true"'], turns(10, 0)],
      [['rag_answers_total', 'outcome="failed"'], turns(0, 10)],
    ),
    fires: { RagErrorRate: { severity: 'critical' } },
    within: 5,
  },
  {
    name: 'nothing is found any more',
    trace: all(
      healthy,
      [['rag_answers_total', 'cited="true"'], turns(10, 0)],
      [['rag_answers_total', 'outcome="no_answer"'], turns(0, 10)],
    ),
    fires: { RagNotFound: { severity: 'critical' } },
    within: 59,
  },
  {
    name: 'one server of ten fails everything',
    trace: all(
      tenServers,
      [['rag_questions_total', 'end="served"', 'instance="c"'], turns(4, 0)],
      [['rag_questions_total', 'end="failed"', 'instance="c"'], turns(0, 4)],
      [['rag_answers_total', 'cited="true"', 'instance="c"'], turns(4, 0)],
      [['rag_answers_total', 'outcome="failed"', 'instance="c"'], turns(0, 4)],
    ),
    fires: { RagInstanceFailing: { instance: 'c' } },
    within: 6,
  },
  {
    name: 'a new model with a fifth of the traffic cites nothing',
    trace: {
      ...change(healthy, ['rag_answers_total', 'cited="true"'], turns(10, 8)),
      [`rag_answers_total{instance="a",service="rag-chat",outcome="answered",model="new",cited="false",${env}}`]: `_x${from} 1+4x${minutes - from}`,
    },
    fires: { RagModelUncited: { model: 'new' } },
    within: 10,
    only: true,
  },
  {
    name: 'nothing is cited',
    trace: all(
      healthy,
      [['rag_answers_total', 'cited="true"'], turns(10, 0)],
      [['rag_answers_total', 'outcome="answered"', 'cited="false"'], turns(0, 10)],
    ),
    fires: { RagCitationRate: { severity: 'critical' } },
    within: 45,
  },
  {
    name: 'answers take longer than five seconds',
    trace: ['1.5', '3', '3.5', '5'].reduce(
      (trace, le) => change(trace, ['duration_seconds_bucket', `le="${le}"`], turns(10, 0)),
      healthy,
    ),
    fires: { RagLatencyP95: { severity: 'critical' } },
    within: 15,
  },
  {
    name: 'the content filter rejects a tenth',
    trace: change(healthy, ['rag_answers_total', 'outcome="rejected"'], turns(0, 1)),
    fires: { RagQuestionsRejected: { severity: 'warning' } },
    within: 45,
    only: true,
  },
  {
    name: 'the database is down',
    trace: {
      ...all(
        healthy,
        [['rag_chat_database_up'], until(1, 0)],
        [['rag_worker_database_up'], until(1, 0)],
        [['pg_up'], until(1, 0)],
        [['rag_questions_total', 'end="served"'], turns(10, 0)],
        [['rag_questions_total', 'end="failed"'], turns(0, 10)],
        [['rag_answers_total', 'cited="true"'], turns(10, 0)],
        [['rag_answers_total', 'outcome="failed"'], turns(0, 10)],
        [['rag_records_total', 'state="stored"'], turns(10, 0)],
        [['rag_records_total', 'state="received"'], turns(10, 0)],
      ),
    },
    fires: { RagDatabaseDown: { severity: 'critical' }, RagErrorRate: { severity: 'critical' } },
    within: 5,
  },
  {
    name: 'only the login of the exporter fails',
    trace: change(healthy, ['pg_up'], until(1, 0)),
    fires: { RagDatabaseExporter: { severity: 'warning', instance: 'pg' } },
    within: 4,
    only: true,
  },
  {
    name: 'only the login of the worker fails',
    trace: change(healthy, ['rag_worker_database_up'], until(1, 0)),
    fires: { RagDatabaseUnreachable: { severity: 'warning', instance: 'w' } },
    within: 4,
    only: true,
  },
  {
    name: 'one server of two vanishes',
    trace: Object.fromEntries(
      Object.entries(healthy).map(([name, values]) => [
        name,
        name.includes('instance="b"') ? values.replace(new RegExp(`x${minutes}$`), `x${from} stale`) : values,
      ]),
    ),
    fires: { RagTargetsVanished: { job: 'rag-chat' } },
    within: 8,
    only: true,
  },
  {
    name: 'the only worker crashes and comes back at new addresses',
    trace: {
      ...change(healthy, ['up{', 'job="rag-worker"'], `1x${from} stale`),
      ...Object.fromEntries(
        [0, 4, 8, 12].map((start) => [
          `up{job="rag-worker",instance="w${start}",${env}}`,
          `_x${from + start} 1x2 stale`,
        ]),
      ),
    },
    fires: { RagCrashLoop: { job: 'rag-worker' } },
    within: 15,
  },
  {
    name: 'one of two deployments loses its database exporter',
    trace: { ...healthy, ...without(change(staging, ['up{', 'job="postgres"'], `1x30 stale`), 'pg_', 'postgres') },
    fires: { RagInputMissing: { job: 'postgres', env: 'staging' } },
    within: 32,
    only: true,
  },
  {
    name: 'one of two deployments never had a Collector',
    trace: { ...healthy, ...without(staging, 'otel-collector') },
    fires: { RagInputMissing: { job: 'otel-collector', env: 'staging' } },
    within: 5,
    only: true,
  },
  {
    name: 'the exporter of one deployment has no queries of ours',
    trace: { ...healthy, ...without(staging, 'lock_wait') },
    fires: {
      RagSeriesMissing: { job: 'postgres', env: 'staging', metric: 'rag_database_longest_lock_wait_seconds' },
    },
    within: 5,
    only: true,
  },
  {
    name: 'one database of two is out of connections',
    trace: { ...healthy, ...change(staging, ['pg_stat_activity_count'], until(40, 97)) },
    fires: { RagDatabaseConnections: { severity: 'critical', env: 'staging' } },
    within: 4,
    only: true,
  },
  {
    name: 'answers wait to be recorded',
    trace: all(
      healthy,
      [['rag_records_pending'], until(0, 20)],
      [['rag_records_total', 'state="stored"'], turns(10, 0)],
      [['rag_records_total', 'state="received"'], `0+10x${from - 1} 620x${minutes - from}`],
    ),
    fires: { RagRecordStalled: { severity: 'critical' } },
    within: 5,
  },
];
