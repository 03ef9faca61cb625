/** Incidents against the operational rules, with the real promtool. One sample per minute. */
import { expect, test, vi } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { noPromtool, runScenarios, type Scenario } from '../../test/kit/rules/rule-scenarios.ts';
import { jobObjectives, objectives } from '../../test/kit/slo/specification.ts';
import { isAlert } from '../rule.ts';
import { operationGroups } from '../rules.ts';

// promtool takes a few seconds per scenario, longer on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const groups = operationGroups(slo, deploymentLinks);

const record = (state: string) => `rag_records_total{state="${state}",instance="chat-1"}`;
const pending = 'rag_records_pending{instance="chat-1"}';
const up = (job: string, instance: string) => `up{job="${job}",instance="${instance}"}`;
const answers = 'rag_answers_total{outcome="answered",model="m",cited="true"}';
const rejected = 'rag_answers_total{outcome="rejected",model="m",cited="unjudged"}';
const workerUp = 'rag_worker_database_up{instance="w"}';
const chatUp = (instance: string) => `rag_chat_database_up{job="rag-chat",instance="${instance}"}`;
/** A series of our exporter: `up`, or a name with labels. */
const pg = (name: string, labels = '', instance = 'pg') =>
  `${name === 'up' ? 'pg_up' : name}{${['job="postgres"', `instance="${instance}"`, ...(labels === '' ? [] : [labels])].join()}}`;
const transaction = (state: string, program: string, backend = 'client backend') =>
  pg('pg_stat_activity_max_tx_duration', `state="${state}",application_name="${program}",backend_type="${backend}"`);
const lastSuccess = 'rag_rollup_last_success_timestamp_seconds{instance="w"}';
const scored = (name: string, source: string) =>
  `rag_score_${name}{service="rag-chat",score="answer_relevance",version="words-1",source="${source}",instance="w"}`;
const citation = (valid: boolean) => `rag_citations_total{source_type="note",valid="${valid}"}`;

type Incident = readonly [
  alert: string,
  severities: readonly string[],
  good: Scenario['series'],
  bad: Scenario['series'],
];

/** One hour each: a healthy scenario, then one that fires at its end. */
const incidents: readonly Incident[] = [
  [
    'RagTargetDown',
    ['warning'],
    { [up('rag-chat', 'a')]: '1x60', [up('rag-chat', 'b')]: '1x60' },
    { [up('rag-chat', 'a')]: '1x60', [up('rag-chat', 'b')]: '1x30 0x30' },
  ],
  ['RagTargetDown', ['critical', 'warning'], { [up('postgres', 'a')]: '1x60' }, { [up('postgres', 'a')]: '1x30 0x30' }],
  ['RagChatSilent', ['critical'], { [answers]: '0x60' }, { [answers]: '0x30 stale' }],
  [
    'RagScoreNotSeparating',
    ['warning'],
    {
      [scored('auc_low', 'shipped')]: '0.58x60',
      [scored('auc_low', 'votes')]: '0.52x60',
      [scored('labelled_answers', 'votes')]: '300x60',
    },
    {
      [scored('auc_low', 'shipped')]: '0.58x60',
      [scored('auc_low', 'votes')]: '0.47x60',
      [scored('labelled_answers', 'votes')]: '300x60',
    },
  ],
  ['RagWorkerSilent', ['critical'], { [workerUp]: '1x60' }, { [workerUp]: '1x30 stale' }],
  [
    'RagCollectorQueue',
    ['warning'],
    {
      'otelcol_exporter_queue_size{exporter="otlp"}': '79x60',
      'otelcol_exporter_queue_capacity{exporter="otlp"}': '100x60',
    },
    {
      'otelcol_exporter_queue_size{exporter="otlp"}': '79x30 81x30',
      'otelcol_exporter_queue_capacity{exporter="otlp"}': '100x60',
    },
  ],
  [
    'RagCollectorLoss',
    ['warning'],
    { 'otelcol_exporter_send_failed_spans_total{exporter="otlp"}': '17x60' },
    { 'otelcol_exporter_enqueue_failed_log_records_total{exporter="otlp"}': '_x55 3x5' },
  ],
  // After a gap of 20 minutes in Prometheus, old losses are not new ones.
  [
    'RagCollectorLoss',
    ['warning'],
    { 'otelcol_exporter_send_failed_spans_total{exporter="otlp"}': '17x33 _x20 17x10' },
    { 'otelcol_exporter_send_failed_spans_total{exporter="otlp"}': '17x33 _x20 19x1 20x9' },
  ],
  // Two counters with equal labels, and a target that Prometheus did not scrape for two days: its losses may be old.
  [
    'RagCollectorLoss',
    ['warning'],
    {
      [up('otel-collector', 'c')]: '_x50 1x10',
      'otelcol_exporter_send_failed_spans_total{job="otel-collector",instance="c",exporter="otlp"}': '_x50 17x10',
    },
    {
      [up('otel-collector', 'c')]: '1x60',
      'otelcol_exporter_send_failed_spans_total{job="otel-collector",instance="c",exporter="otlp"}': '17x60',
      'otelcol_exporter_enqueue_failed_spans_total{job="otel-collector",instance="c",exporter="otlp"}': '_x55 3x5',
    },
  ],
  [
    'RagRulesFailing',
    ['critical'],
    { prometheus_rule_evaluation_failures_total: '5x60' },
    { prometheus_rule_evaluation_failures_total: '5x55 6x5' },
  ],
  [
    'RagAlertsNotDelivered',
    ['critical'],
    { prometheus_notifications_dropped_total: '2x60' },
    { 'alertmanager_notifications_failed_total{integration="webhook"}': '0x55 1x5' },
  ],
  ['RagRecordRejected', ['warning'], { [record('rejected')]: '3x60' }, { [record('rejected')]: '3x55 4x5' }],
  // Under load, pending is never 0. That is normal while records are stored.
  [
    'RagRecordStalled',
    ['critical'],
    { [pending]: '7x60', [record('stored')]: '0+9x60' },
    { [pending]: '0x30 7x30', [record('stored')]: '0+9x30 270x30' },
  ],
  // A restart resets all four series at once.
  [
    'RagRecordImbalance',
    ['critical'],
    {
      [record('received')]: '0+9x30 0+9x30',
      [record('stored')]: '0+7x30 0+7x30',
      [record('rejected')]: '0+2x30 0+2x30',
      [pending]: '0x60',
    },
    {
      [record('received')]: '0+9x60',
      [record('stored')]: '0+9x30 269+9x30',
      [record('rejected')]: '0x60',
      [pending]: '0x60',
    },
  ],
  [
    'RagCitationsInvalid',
    ['warning'],
    { [citation(true)]: '0+9x60', [citation(false)]: '0+2x60' },
    { [citation(true)]: '0+9x60', [citation(false)]: '0+3x60' },
  ],
  [
    'RagQuestionsRejected',
    ['warning'],
    { [answers]: '0+19x60', [rejected]: '0+1x60' },
    { [answers]: '0+18x60', [rejected]: '0+2x60' },
  ],
  // Three of ten questions are too few to distinguish from chance, and a rejection that has ended does not fire.
  [
    'RagQuestionsRejected',
    ['warning'],
    { [answers]: '0x50 0+1x7 7x3', [rejected]: '0x50 0+1x3 3x7' },
    { [answers]: '0+1x60', [rejected]: '0x30 0+1x30' },
  ],
  [
    'RagQuestionsRejected',
    ['warning'],
    { [answers]: '0+1x60', [rejected]: '0+1x30 30x30' },
    { [answers]: '0x60', [rejected]: '0+1x60' },
  ],
  [
    'RagSpanBalance',
    ['warning'],
    {
      'rag_spans_total{service="shop",state="received"}': '0+100x60',
      'rag_spans_total{service="shop",state="assembled"}': '0+60x60',
      'rag_spans_pending{job="rag-chat"}': '0+40x60',
    },
    {
      'rag_spans_total{service="shop",state="received"}': '0+100x60',
      'rag_spans_total{service="shop",state="assembled"}': '0+60x60',
      'rag_spans_pending{job="rag-chat"}': '0x60',
    },
  ],
  [
    'RagSpansWithoutTurns',
    ['warning'],
    {
      'rag_spans_total{service="shop",state="received"}': '0+10x60',
      'rag_traces_total{service="shop",state="assembled"}': '0+1x60',
    },
    {
      'rag_spans_total{service="shop",state="received"}': '0+10x60',
      'rag_traces_total{service="shop",state="assembled"}': '0x60',
    },
  ],
  [
    'RagUnpricedAnswers',
    ['warning'],
    { 'rag_unpriced_answers_total{model="m"}': '0x60' },
    { 'rag_unpriced_answers_total{model="m"}': '0x50 1x10' },
  ],
  [
    'RagJudgeFailing',
    ['warning'],
    { 'rag_judgements_total{state="scored"}': '0+2x60', 'rag_judgements_total{state="failed"}': '0+1x60' },
    { 'rag_judgements_total{state="scored"}': '0+1x60', 'rag_judgements_total{state="failed"}': '0+2x60' },
  ],
  // Four failures are too few to distinguish from chance, and a judge that has recovered does not fire.
  [
    'RagJudgeFailing',
    ['warning'],
    { 'rag_judgements_total{state="scored"}': '0x60', 'rag_judgements_total{state="failed"}': '0x40 0+1x4 4x16' },
    { 'rag_judgements_total{state="scored"}': '0x60', 'rag_judgements_total{state="failed"}': '0x20 0+1x40' },
  ],
  [
    'RagRetentionOverdue',
    ['warning'],
    { rag_retention_overdue_documents: '0x120', rag_retention_overdue_dialogues: '0x120' },
    { rag_retention_overdue_documents: '0x120', rag_retention_overdue_dialogues: '0x10 3x110' },
  ],
  [
    'RagRetentionFailed',
    ['critical', 'warning'],
    { 'rag_retention_consecutive_failures{task="content_retention",instance="a"}': '0x60' },
    { 'rag_retention_consecutive_failures{task="content_retention",instance="a"}': '0x30 2x30' },
  ],
  [
    'RagEmbeddingsUnreachable',
    ['warning'],
    {
      'rag_semantic_searches_total{result="ok",instance="a"}': '0+9x60',
      'rag_semantic_searches_total{result="unreachable",instance="a"}': '0+4x60',
      'rag_embedding_consecutive_failures{instance="b"}': '2x60',
    },
    {
      'rag_semantic_searches_total{result="ok",instance="a"}': '0+9x30 270x30',
      'rag_semantic_searches_total{result="unreachable",instance="a"}': '0x30 0+9x30',
    },
  ],
  [
    'RagSourceDown',
    ['warning'],
    {
      'rag_source_health{source="note",status="down",instance="a"}': '0x60',
      'rag_source_health{source="note",status="degraded",instance="a"}': '1x60',
    },
    { 'rag_source_health{source="note",status="down",instance="a"}': '0x20 1x40' },
  ],
  [
    'RagSourceOverdue',
    ['warning'],
    { 'rag_source_sync_overdue_seconds{source="note",instance="a"}': '17000+60x60' },
    { 'rag_source_sync_overdue_seconds{source="note",instance="a"}': '21000+60x60' },
  ],
  [
    'RagCitationsExpired',
    ['critical'],
    { 'rag_content_expired_citations{instance="a"}': '0x60' },
    { 'rag_content_expired_citations{instance="a"}': '0x30 3x30' },
  ],
  [
    'RagContentChanged',
    ['warning'],
    {
      'rag_content_verification{status="unreachable"}': '5x60',
      'rag_content_verification{status="hash_mismatch"}': '0x60',
    },
    { 'rag_content_verification{status="hash_mismatch"}': '0x30 2x30' },
  ],
  // 1% of 5,000 is 50. With no stored cost, ¥60 are accepted: 20 answers at ¥3.
  [
    'RagReconciliationGap',
    ['warning'],
    {
      'rag_reconciliation_difference{what="answers",instance="a"}': '-50x60',
      'rag_reconciliation_stored{what="answers",instance="a"}': '5000x60',
      'rag_reconciliation_difference{what="failures",instance="a"}': '20x60',
      'rag_reconciliation_stored{what="failures",instance="a"}': '0x60',
      'rag_reconciliation_difference{what="cost",instance="a"}': '60x60',
      'rag_reconciliation_stored{what="cost",instance="a"}': '0x60',
    },
    {
      'rag_reconciliation_difference{what="answers",instance="a"}': '0x30 -51x30',
      'rag_reconciliation_difference{what="answers",instance="b"}': '0x30 -51x30',
      'rag_reconciliation_stored{what="answers",instance="a"}': '5000x60',
      'rag_reconciliation_stored{what="answers",instance="b"}': '5000x60',
    },
  ],
  [
    'RagReconciliationGap',
    ['warning'],
    {
      'rag_reconciliation_difference{what="answers"}': '19x60',
      'rag_reconciliation_stored{what="answers"}': '0x60',
    },
    {
      'rag_reconciliation_difference{what="cost"}': '61x60',
      'rag_reconciliation_stored{what="cost"}': '2000x60',
    },
  ],
  [
    'RagReconciliationFailed',
    ['warning'],
    { 'rag_reconciliation_consecutive_failures{instance="a"}': '1x60' },
    { 'rag_reconciliation_consecutive_failures{instance="a"}': '1x30 2x30' },
  ],
  // Only the exporter's login fails: users notice nothing.
  [
    'RagDatabaseDown',
    ['critical'],
    { [pg('up')]: '1x30 0x30', [workerUp]: '1x60', [chatUp('a')]: '1x60' },
    { [pg('up')]: '1x30 0x30', [workerUp]: '1x30 0x30', [chatUp('a')]: '1x30 0x30' },
  ],
  // Only the worker's login fails, and another team's database is down.
  [
    'RagDatabaseDown',
    ['critical'],
    { [workerUp]: '1x30 0x30', [chatUp('a')]: '1x60', 'pg_up{job="other-team",instance="o"}': '0x60' },
    { [chatUp('a')]: '1x30 0x30', [chatUp('b')]: '1x30 0x30', [pg('up')]: '1x60' },
  ],
  // Without a view of the chat server: another version.
  ['RagDatabaseDown', ['critical'], { [workerUp]: '1x30 0x30', [pg('up')]: '1x60' }, { [workerUp]: '1x30 0x30' }],
  [
    'RagDatabaseDown',
    ['critical'],
    { [pg('up')]: '0x60', [workerUp]: '1x60' },
    { [pg('up')]: '1x30 0x30', 'rag_failures_total{stage="retrieve",failure="database_unavailable"}': '0x30 0+1x30' },
  ],
  [
    'RagDatabaseUnreachable',
    ['warning'],
    { [workerUp]: '0x60', [chatUp('a')]: '0x60', [pg('up')]: '0x60' },
    { [workerUp]: '0x60', [chatUp('a')]: '1x60' },
  ],
  [
    'RagDatabaseExporter',
    ['warning'],
    { [pg('up')]: '1x60', 'pg_up{job="other-team",instance="o"}': '0x60' },
    { [pg('up')]: '1x30 0x30', [workerUp]: '1x60' },
  ],
  // Backups, vacuum, index builds and our own jobs are expected work.
  [
    'RagDatabaseSlow',
    ['warning'],
    {
      [transaction('active', 'rag-chat')]: '170x60',
      [transaction('idle', 'psql')]: '999x60',
      [transaction('active', 'pg_dump')]: '0+60x60',
      [transaction('idle in transaction', 'pg_dump')]: '0+60x60',
      [transaction('active', 'rag migrate')]: '0+60x60',
      [transaction('active', 'rag-worker')]: '0+60x60',
      [transaction('active', '', 'autovacuum worker')]: '0+60x60',
      'pg_stat_activity_max_tx_duration{job="other-team",instance="o",state="active"}': '0+60x60',
    },
    { [transaction('idle in transaction', 'psql')]: '170x30 190x30' },
  ],
  ['RagDatabaseSlow', ['warning'], {}, { [pg('pg_stat_activity_max_tx_duration', 'state="active"')]: '170x30 190x30' }],
  // Our query leaves out a VACUUM or CREATE INDEX from psql.
  [
    'RagDatabaseSlow',
    ['warning'],
    {
      [transaction('active', 'psql')]: '0+60x60',
      [pg('rag_database_unexpected_transaction_seconds', 'application_name=""')]: '0x60',
    },
    { [pg('rag_database_unexpected_transaction_seconds', 'application_name="psql"')]: '170x30 190x30' },
  ],
  [
    'RagDatabaseLocked',
    ['warning'],
    {
      [pg('rag_database_longest_lock_wait_seconds')]: '9x60',
      'rag_database_longest_lock_wait_seconds{job="other-team",instance="o"}': '99x60',
    },
    { [pg('rag_database_longest_lock_wait_seconds')]: '0x30 11x30' },
  ],
  // Two servers at 79% are not one at 158%, and a stranger's is not ours.
  [
    'RagDatabaseConnections',
    ['warning'],
    {
      [pg('pg_stat_activity_count', 'state="active"', 'a')]: '50x60',
      [pg('pg_stat_activity_count', 'state="idle"', 'a')]: '29x60',
      [pg('pg_settings_max_connections', '', 'a')]: '100x60',
      [pg('pg_stat_activity_count', 'state="idle"', 'b')]: '79x60',
      [pg('pg_settings_max_connections', '', 'b')]: '100x60',
      'pg_stat_activity_count{job="other-team",instance="o",state="idle"}': '99x60',
      'pg_settings_max_connections{job="other-team",instance="o"}': '100x60',
    },
    {
      [pg('pg_stat_activity_count', 'state="active"')]: '50x60',
      [pg('pg_stat_activity_count', 'state="idle"')]: '31x60',
      [pg('pg_settings_max_connections')]: '100x60',
    },
  ],
  // One exporter of two servers.
  [
    'RagDatabaseConnections',
    ['critical', 'warning'],
    {
      [pg('pg_stat_activity_count', 'state="idle",server="x:5432"')]: '70x60',
      [pg('pg_settings_max_connections', 'server="x:5432"')]: '100x60',
      [pg('pg_stat_activity_count', 'state="idle",server="y:5432"')]: '70x60',
      [pg('pg_settings_max_connections', 'server="y:5432"')]: '100x60',
    },
    {
      [pg('pg_stat_activity_count', 'state="idle"')]: '97x60',
      [pg('pg_settings_max_connections')]: '100x60',
    },
  ],
];

test.skipIf(noPromtool).for(incidents)(
  '%s fires in its incident (%j) and not in a healthy hour',
  ([alert, fires, good, bad]) => {
    const scenario = (name: string, series: Scenario['series'], severities: readonly string[]): Scenario => ({
      name,
      every: '1m',
      series,
      checks: [{ at: alert === 'RagRetentionOverdue' ? '90m' : '58m', alert, fires: severities }],
    });
    const silent = /Silent$/.test(alert) && Object.keys(good).length === 0;
    const healthy = silent ? [] : [scenario('healthy', good, [])];
    const own = groups
      .map((group) => ({ ...group, rules: group.rules.filter((rule) => isAlert(rule) && rule.alert === alert) }))
      .filter(({ rules }) => rules.length > 0);
    expect(runScenarios(own, [...healthy, scenario('incident', bad, fires)])).toBe('');
  },
);

test.skipIf(noPromtool)(
  'a rollup that never succeeded fires after a day, but not while the database is unavailable',
  () => {
    const own = groups.filter(({ name }) => name === 'rag_jobs');
    const alert = 'RagRollupNeverRan';
    const outcome = runScenarios(own, [
      {
        name: 'never',
        every: '1h',
        series: { [workerUp]: '1x40' },
        checks: [
          { at: '25h', alert, fires: [] },
          { at: '28h', alert, fires: ['critical'] },
        ],
      },
      {
        name: 'database unavailable',
        every: '1h',
        series: { [workerUp]: '0x40' },
        checks: [{ at: '30h', alert, fires: [] }],
      },
      {
        name: 'succeeded',
        every: '1h',
        series: { [workerUp]: '1x40', [lastSuccess]: '1x40' },
        checks: [{ at: '30h', alert, fires: [] }],
      },
    ]);
    expect(outcome).toBe('');
  },
);

test.skipIf(noPromtool)('outdated prices fire only after a day', () => {
  const own = groups.filter(({ name }) => name === 'rag_answers');
  const alert = 'RagPricesOutOfDate';
  // Time starts at 0: 180 days are 15,552,000 s, 20 hours are 72,000 s.
  const outcome = runScenarios(own, [
    {
      name: 'outdated from the start',
      every: '1h',
      series: { 'rag_prices_as_of_timestamp_seconds{file="price book"}': '-15552100x40' },
      checks: [
        { at: '23h', alert, fires: [] },
        { at: '26h', alert, fires: ['warning'] },
      ],
    },
    {
      name: 'outdated after 20 hours',
      every: '1h',
      series: { 'rag_prices_as_of_timestamp_seconds{file="exchange rates"}': '-15480000x60' },
      checks: [
        { at: '40h', alert, fires: [] },
        { at: '46h', alert, fires: ['warning'] },
      ],
    },
    {
      name: 'updated in time',
      every: '1h',
      series: { 'rag_prices_as_of_timestamp_seconds{file="price book"}': '-15552100x10 0x30' },
      checks: [{ at: '40h', alert, fires: [] }],
    },
  ]);
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)('every operational alert is tested here, and the watchdog always fires', () => {
  const tested = new Set(incidents.map(([alert]) => alert));
  const elsewhere = ['rag_traffic', 'rag_culprits', 'rag_targets', 'rag_inputs', 'rag_spend', 'rag_probe'];
  const all = groups
    .filter(({ name }) => !elsewhere.includes(name))
    .flatMap(({ rules }) => rules.filter(isAlert).map(({ alert }) => alert));
  expect([...new Set(all)].filter((alert) => !tested.has(alert)).sort()).toEqual([
    'RagPricesOutOfDate',
    'RagRollupNeverRan',
    'RagWatchdog',
  ]);
  const watchdog = {
    name: 'watchdog',
    every: '1m',
    series: { some: '1x5' },
    checks: [{ at: '3m', alert: 'RagWatchdog', fires: ['none'] }],
  };
  expect(
    runScenarios(
      groups.filter(({ name }) => name === 'rag_telemetry'),
      [watchdog],
    ),
  ).toBe('');
});
