/** Series of a healthy installation with every input that the rules read, for traces that change a few of them. */

/** In promtool's notation, by series. */
export type Trace = Readonly<Record<string, string>>;

type Installation = {
  readonly minutes: number;
  /** Labels of the deployment: `env="production"`. */
  readonly labels?: string;
  /** Chat servers, each with its own questions. */
  readonly chats?: readonly string[];
  /** Questions a minute at each server. */
  readonly perMinute?: number;
};

/** One sample a minute. Names of series begin with the metric, and labels have the order of this file. */
export function healthyInstallation({
  minutes,
  labels = 'env="production"',
  chats = ['a', 'b'],
  perMinute = 10,
}: Installation): Trace {
  const n = minutes;
  const constant = (value: number) => `${value}x${n}`;
  const growing = (step: number) => `0+${step}x${n}`;
  const series = (name: string, inside: string) => `${name}{${inside},${labels}}`;
  const target = (job: string, instance: string) => `job="${job}",instance="${instance}"`;
  const service = 'service="rag-chat"';
  const ofChat = chats.flatMap((chat) => {
    const at = `${target('rag-chat', chat)},${service}`;
    const of = target('rag-chat', chat);
    return [
      [series('up', of), constant(1)],
      [series('process_start_time_seconds', of), constant(1)],
      [series('rag_chat_database_up', of), constant(1)],
      [series('rag_records_total', `${of},state="received"`), growing(perMinute)],
      [series('rag_records_total', `${of},state="stored"`), growing(perMinute)],
      [series('rag_records_total', `${of},state="rejected"`), constant(0)],
      [series('rag_records_pending', of), constant(0)],
      [series('rag_spans_total', `${at},state="received"`), constant(0)],
      ...['served', 'failed', 'gave_up', 'left', 'refused'].map((end) => [
        series('rag_questions_total', `${at},end="${end}"`),
        growing(end === 'served' ? perMinute : 0),
      ]),
      ...['answered', 'no_answer', 'failed', 'rejected'].map((outcome) => [
        series('rag_answers_total', `${at},outcome="${outcome}",model="m",cited="${outcome === 'answered'}"`),
        growing(outcome === 'answered' ? perMinute : 0),
      ]),
      [series('rag_answers_total', `${at},outcome="answered",model="m",cited="false"`), constant(0)],
      ...['ok', 'failed', 'refused'].map((result) => [
        series('rag_stage_duration_seconds_count', `${at},stage="authenticate",result="${result}"`),
        growing(result === 'ok' ? perMinute : 0),
      ]),
      ...['up', 'down'].map((vote) => [
        series('rag_feedback_total', `${at},vote="${vote}"`),
        growing(vote === 'up' ? perMinute / 10 : 0),
      ]),
      [series('rag_cost_jpy_total', `${at},model="m",kind="answer"`), growing(2 * perMinute)],
      [series('rag_priced_answers_total', `${at},model="m"`), growing(perMinute)],
      [series('rag_unpriced_answers_total', `${at},model="m"`), constant(0)],
      [series('rag_citations_total', `${at},source_type="note",valid="true"`), growing(perMinute)],
      [series('rag_citations_total', `${at},source_type="note",valid="false"`), constant(0)],
      [series('rag_answer_duration_seconds_count', at), growing(perMinute)],
      ...['1.5', '3', '3.5', '5', '+Inf'].map((le) => [
        series('rag_answer_duration_seconds_bucket', `${at},le="${le}"`),
        growing(perMinute),
      ]),
      [series('rag_prices_as_of_timestamp_seconds', `${of},file="price book",origin="shipped"`), constant(-40_000_000)],
    ] as [string, string][];
  });
  const worker = target('rag-worker', 'w');
  const database = target('postgres', 'pg');
  const others: [string, string][] = [
    [series('up', worker), constant(1)],
    [series('process_start_time_seconds', worker), constant(1)],
    [series('rag_worker_database_up', worker), constant(1)],
    [series('rag_rollup_consecutive_failures', worker), constant(0)],
    // A success every minute: traces are not about its age.
    [series('rag_rollup_last_success_timestamp_seconds', worker), growing(60)],
    [series('rag_judgements_total', `${worker},state="scored"`), growing(1)],
    [series('rag_judgements_total', `${worker},state="failed"`), constant(0)],
    [series('rag_retention_consecutive_failures', `${worker},task="content_retention"`), constant(0)],
    [series('rag_retention_overdue_documents', worker), constant(0)],
    [series('rag_retention_overdue_dialogues', worker), constant(0)],
    [series('up', database), constant(1)],
    [series('pg_up', database), constant(1)],
    [series('pg_settings_max_connections', database), constant(100)],
    [series('pg_stat_activity_count', `${database},state="idle"`), constant(40)],
    [transaction('active', 'rag-chat', labels), constant(1)],
    [series('rag_database_longest_lock_wait_seconds', database), constant(0)],
    [series('up', target('otel-collector', 'col')), constant(1)],
    [series('otelcol_exporter_queue_size', `${target('otel-collector', 'col')},exporter="otlp"`), constant(0)],
    [series('otelcol_exporter_queue_capacity', `${target('otel-collector', 'col')},exporter="otlp"`), constant(1_000)],
    [series('up', target('prometheus', 'prom')), constant(1)],
    [series('prometheus_rule_evaluation_failures_total', target('prometheus', 'prom')), constant(0)],
    [series('prometheus_tsdb_wal_writes_failed_total', target('prometheus', 'prom')), constant(0)],
    [series('up', target('alertmanager', 'am')), constant(1)],
    [series('alertmanager_notifications_failed_total', target('alertmanager', 'am')), constant(0)],
  ];
  return Object.fromEntries([...ofChat, ...others]);
}

/** The longest transaction of a program in a state. */
export function transaction(state: string, program: string, labels = 'env="production"'): string {
  return `pg_stat_activity_max_tx_duration{job="postgres",instance="pg",state="${state}",application_name="${program}",backend_type="client backend",${labels}}`;
}

/**
 * Replaces the values of the series that contain all the texts.
 * @throws {Error} if no series does, which is a wrong text
 */
export function change(trace: Trace, texts: readonly string[], values: string | ((old: string) => string)): Trace {
  const names = Object.keys(trace).filter((name) => texts.every((text) => name.includes(text)));
  if (names.length === 0) throw new Error(`no series contains ${texts.join(' and ')}`);
  return {
    ...trace,
    ...Object.fromEntries(
      names.map((name) => [name, typeof values === 'string' ? values : values(trace[name] ?? '')] as const),
    ),
  };
}
