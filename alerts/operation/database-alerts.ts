/** Alerts on the database, from metrics of postgres_exporter and the worker. */
import { databaseMetrics, scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { severities } from '../../services/slo/slo-model.ts';
import { select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

export function databaseAlerts({ duration, component: { max, min, sum } }: RuleContext): readonly Alert[] {
  const { up, sessions, longestTransaction, mostConnections, longestLockWait } = databaseMetrics;
  const common = { service: scrapeJobs.database, for: duration(limits.processDownFor), dashboard: 'database' } as const;
  return [
    {
      ...common,
      alert: 'RagDatabaseDown',
      slo: 'database',
      severity: 'critical',
      for: duration('1m'),
      expr: `${min(up)} == 0 or ${max(workerMetrics.workerDatabaseUp.name)} == 0`,
      summary: 'The database is unavailable: questions fail with 503 and nothing is recorded.',
      action: 'Restore the database. Recording resumes automatically',
    },
    {
      ...common,
      alert: 'RagDatabaseSlow',
      slo: 'database_slow',
      severity: 'warning',
      expr: `${max(select(longestTransaction, { state: ['active', 'idle in transaction'] }))} > ${limits.slowTransaction}`,
      summary: 'A transaction has been open for {{ $value | humanizeDuration }}.',
      action: 'Find it in pg_stat_activity and terminate it if it is not needed',
    },
    {
      ...common,
      alert: 'RagDatabaseLocked',
      slo: 'database_locks',
      severity: 'warning',
      expr: `${max(longestLockWait)} > ${limits.lockWait}`,
      summary: 'A session has waited {{ $value | humanizeDuration }} for a lock.',
      action: 'Find the blocking session with pg_blocking_pids and terminate it if it is stuck',
    },
    ...severities.map((severity) => ({
      ...common,
      alert: 'RagDatabaseConnections',
      slo: 'database_connections',
      severity,
      expr: `${sum(sessions, 'instance')} / ${max(`${mostConnections} > 0`, 'instance')} > ${limits.connections[severity]}`,
      summary: '{{ $value | humanizePercentage }} of the database connections are in use.',
      action: 'Find the programs that hold them: group pg_stat_activity by application_name',
    })),
  ];
}
