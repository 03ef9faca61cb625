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

/** Of postgres_exporter 0.11 and newer; the one that it does not have comes from a query of ours in its configuration. */
export const databaseMetrics = {
  up: 'pg_up',
  /** Labels datname, state, and others. */
  sessions: 'pg_stat_activity_count',
  /** Seconds; labels as above. */
  longestTransaction: 'pg_stat_activity_max_tx_duration',
  mostConnections: 'pg_settings_max_connections',
  /** Our query: seconds that the session which waits longest for a lock has waited; 0: none waits. */
  longestLockWait: 'rag_database_longest_lock_wait_seconds',
} as const;

export const prometheusMetrics = {
  up: 'up',
  rulesFailed: 'prometheus_rule_evaluation_failures_total',
  notificationsDropped: 'prometheus_notifications_dropped_total',
  pagesFailed: 'alertmanager_notifications_failed_total',
} as const;
