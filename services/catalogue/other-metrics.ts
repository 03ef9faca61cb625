/** Metrics of Prometheus and postgres_exporter that rules and dashboards read. */

import { sloFile } from '../slo/slo-file/loaded.ts';

/** The scrape jobs of prometheus.yml, each named after its service. */
const shippedJobs = {
  chat: 'rag-chat',
  worker: 'rag-worker',
  database: 'postgres',
  collector: 'otel-collector',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
};

/** The scrape jobs of this deployment. */
export const scrapeJobs: Readonly<typeof shippedJobs> = {
  ...shippedJobs,
  ...(sloFile.scrapeJobs as Partial<typeof shippedJobs>),
} as typeof shippedJobs;

/** Scrape job for span metrics. No alert on its own: the Collector's job covers the same process. */
export const spanJob = 'span-metrics';

/** postgres_exporter 0.11 and later, plus the custom queries of stack/postgres/queries.yaml. */
export const databaseMetrics = {
  up: 'pg_up',
  /** Labels datname, state, and others. */
  sessions: 'pg_stat_activity_count',
  /** Seconds. Labels as above. */
  longestTransaction: 'pg_stat_activity_max_tx_duration',
  mostConnections: 'pg_settings_max_connections',
  /** Bytes. Label datname. */
  size: 'pg_database_size_bytes',
  /** Counters of pg_stat_database, named without `_total`. Label datname. */
  commits: 'pg_stat_database_xact_commit',
  rollbacks: 'pg_stat_database_xact_rollback',
  blocksHit: 'pg_stat_database_blks_hit',
  blocksRead: 'pg_stat_database_blks_read',
  deadlocks: 'pg_stat_database_deadlocks',
  temporaryBytes: 'pg_stat_database_temp_bytes',
  /** Labels datname, mode. */
  locks: 'pg_locks_count',
  /** Custom query. Seconds that the longest waiting session has waited for a lock. 0: no session waits. */
  longestLockWait: 'rag_database_longest_lock_wait_seconds',
  /** Custom query. Seconds; without backups, maintenance (VACUUM, CREATE INDEX, COPY) and our own jobs. Label application_name. */
  unexpectedTransaction: 'rag_database_unexpected_transaction_seconds',
} as const;

export const prometheusMetrics = {
  up: 'up',
  /** Duration in seconds and number of samples of each target's scrape. */
  scrapeDuration: 'scrape_duration_seconds',
  scrapedSamples: 'scrape_samples_scraped',
  series: 'prometheus_tsdb_head_series',
  /** Seconds. Label rule_group. */
  ruleGroupDuration: 'prometheus_rule_group_last_duration_seconds',
  ruleGroupInterval: 'prometheus_rule_group_interval_seconds',
  ruleGroupsMissed: 'prometheus_rule_group_iterations_missed_total',
  notificationsSent: 'prometheus_notifications_sent_total',
  /** Label integration. */
  pagesSent: 'alertmanager_notifications_total',
  /** Counters of the storage, on a full disk above all. */
  compactionsFailed: 'prometheus_tsdb_compactions_failed_total',
  walWritesFailed: 'prometheus_tsdb_wal_writes_failed_total',
  rulesFailed: 'prometheus_rule_evaluation_failures_total',
  notificationsDropped: 'prometheus_notifications_dropped_total',
  pagesFailed: 'alertmanager_notifications_failed_total',
} as const;
