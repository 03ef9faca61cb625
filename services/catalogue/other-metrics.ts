/** Metrics of others that rules and boards read: of Prometheus and postgres_exporter. They choose the names. */

/** The scrape jobs of prometheus.yml, each named as the service it scrapes. */
export const scrapeJobs = {
  chat: 'rag-chat',
  worker: 'rag-worker',
  database: 'postgres',
  collector: 'otel-collector',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
} as const;

/** Of what the Collector makes of spans: nobody is told when it is away, because the Collector's own job tells. */
export const spanJob = 'span-metrics';

/** Of postgres_exporter 0.11 and newer; the one that it does not have comes from a query of ours in its configuration. */
export const databaseMetrics = {
  up: 'pg_up',
  /** Labels datname, state, and others. */
  sessions: 'pg_stat_activity_count',
  /** Seconds; labels as above. */
  longestTransaction: 'pg_stat_activity_max_tx_duration',
  mostConnections: 'pg_settings_max_connections',
  /** Bytes; label datname. */
  size: 'pg_database_size_bytes',
  /** Counters of pg_stat_database, without `_total` in their names; label datname. */
  commits: 'pg_stat_database_xact_commit',
  rollbacks: 'pg_stat_database_xact_rollback',
  blocksHit: 'pg_stat_database_blks_hit',
  blocksRead: 'pg_stat_database_blks_read',
  deadlocks: 'pg_stat_database_deadlocks',
  temporaryBytes: 'pg_stat_database_temp_bytes',
  /** Labels datname, mode. */
  locks: 'pg_locks_count',
  /** Our query: seconds that the session which waits longest for a lock has waited; 0: none waits. */
  longestLockWait: 'rag_database_longest_lock_wait_seconds',
} as const;

export const prometheusMetrics = {
  up: 'up',
  /** Seconds that a scrape took, and samples that it brought; of every target. */
  scrapeDuration: 'scrape_duration_seconds',
  scrapedSamples: 'scrape_samples_scraped',
  series: 'prometheus_tsdb_head_series',
  /** Seconds; label rule_group. */
  ruleGroupDuration: 'prometheus_rule_group_last_duration_seconds',
  ruleGroupInterval: 'prometheus_rule_group_interval_seconds',
  ruleGroupsMissed: 'prometheus_rule_group_iterations_missed_total',
  notificationsSent: 'prometheus_notifications_sent_total',
  /** Label integration. */
  pagesSent: 'alertmanager_notifications_total',
  rulesFailed: 'prometheus_rule_evaluation_failures_total',
  notificationsDropped: 'prometheus_notifications_dropped_total',
  pagesFailed: 'alertmanager_notifications_failed_total',
} as const;
