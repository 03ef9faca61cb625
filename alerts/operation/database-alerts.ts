/** Alerts on the database, from metrics of postgres_exporter, the chat server and the worker. */
import { answerMetrics } from '../../services/catalogue/answer-metrics.ts';
import { databaseMetrics, scrapeJobs } from '../../services/catalogue/other-metrics.ts';
import { recordMetrics } from '../../services/catalogue/record-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { severities } from '../../services/slo/slo-model.ts';
import { type Matchers, select } from '../promql.ts';
import type { Alert } from '../rule.ts';
import type { RuleContext } from './rule-context.ts';

/** As in stack/postgres/queries.yaml. Programs whose long transactions are expected: backups, maintenance, and our export to a slow client. */
const tools = 'rag-export|pg_.*|vacuumdb|reindexdb|clusterdb|pgbackrest.*|barman.*|wal-g.*';
/** Our own jobs and commands: migrations, retention, back-fills. Their statements have time limits of their own. */
const ownJobs = 'rag migrate|rag-cli|rag-verify|rag-worker|rag-samples';

export function databaseAlerts({ duration, component }: RuleContext): readonly Alert[] {
  const { up, sessions, longestTransaction, mostConnections, longestLockWait, unexpectedTransaction } = databaseMetrics;
  const { max, min, sum, increase, on, labels } = component;
  const chatView = max(recordMetrics.chatDatabaseUp.name);
  const workerView = max(workerMetrics.workerDatabaseUp.name);
  /** Of our servers: other jobs of the same Prometheus may watch other databases. */
  const of = (metric: string, matchers: Matchers = {}) => select(metric, { job: scrapeJobs.database, ...matchers });
  const exporterView = max(of(up));
  const failedQuestions = increase(
    select(answerMetrics.failures.name, { failure: 'database_unavailable' }),
    duration(limits.databaseFailures),
  );
  const open = (state: string, expected: string) =>
    `${longestTransaction}{job=${JSON.stringify(scrapeJobs.database)},state=~"${state}",backend_type=~"|client backend",application_name!~"${expected}"}`;
  const longest = (state: string, expected: string) =>
    `${max(open(state, expected), 'instance', 'server', 'application_name')} > ${limits.slowTransaction}`;
  const common = { service: scrapeJobs.database, for: duration(limits.processDownFor), dashboard: 'database' } as const;
  return [
    {
      ...common,
      alert: 'RagDatabaseDown',
      slo: 'database',
      severity: 'critical',
      for: duration('1m'),
      // A program of ours must say so: the exporter's own login may fail alone. Without the chat server's view, that of others counts.
      expr: [
        `${chatView} == 0`,
        `or ((${workerView} == 0 or (${failedQuestions} > 0 and ${on} ${exporterView} == 0))`,
        `  unless ${on} ${chatView} == 1 unless ${on} ${exporterView} == 1)`,
      ].join('\n'),
      summary: 'The database is unavailable: questions fail with 503 and nothing is recorded.',
      action: 'Restore the database. Recording resumes automatically',
    },
    {
      ...common,
      alert: 'RagDatabaseUnreachable',
      slo: 'database_unreachable',
      severity: 'warning',
      expr: [
        `${min(`{__name__=~"${recordMetrics.chatDatabaseUp.name}|${workerMetrics.workerDatabaseUp.name}"}`, 'job', 'instance')} == 0`,
        `and ${on} (${chatView} == 1 or ${workerView} == 1 or ${exporterView} == 1)`,
      ].join('\n'),
      summary: '{{ $labels.job }} at {{ $labels.instance }} cannot use the database, although others can.',
      action: 'Compare its DATABASE_URL and network with those of the others, and read the error in its log',
    },
    {
      ...common,
      alert: 'RagDatabaseExporter',
      slo: 'database_exporter',
      severity: 'warning',
      expr: `${min(of(up), 'instance', 'server')} == 0`,
      summary:
        'The database exporter at {{ $labels.instance }} cannot sign in to its database, so alerts on transactions, locks and connections cannot fire.',
      action: 'Check its login and the error in its log',
    },
    {
      ...common,
      alert: 'RagDatabaseSlow',
      slo: 'database_slow',
      severity: 'warning',
      // Our query knows which transactions are expected. Without it, the name of the program must do, where the exporter has it.
      expr: [
        `${max(of(unexpectedTransaction), 'instance', 'application_name')} > ${limits.slowTransaction}`,
        `or ((${longest('active', `${tools}|${ownJobs}`)} or ${longest('idle in transaction.*', tools)})`,
        `  unless on (${['instance', ...labels].join(', ')}) ${max(of(unexpectedTransaction), 'instance')})`,
      ].join('\n'),
      summary:
        'A transaction of {{ or $labels.application_name "a program without a name" }} has been open for {{ $value | humanizeDuration }}.',
      action: 'Find in pg_stat_activity what it does, and what waits for it',
    },
    {
      ...common,
      alert: 'RagDatabaseLocked',
      slo: 'database_locks',
      severity: 'warning',
      expr: `${max(of(longestLockWait), 'instance', 'server')} > ${limits.lockWait}`,
      summary: 'A session has waited {{ $value | humanizeDuration }} for a lock.',
      action: 'Find the blocking session with pg_blocking_pids and terminate it if it is stuck',
    },
    ...severities.map((severity) => ({
      ...common,
      alert: 'RagDatabaseConnections',
      slo: 'database_connections',
      severity,
      expr: `${sum(of(sessions), 'instance', 'server')} / ${max(`${of(mostConnections)} > 0`, 'instance', 'server')} > ${limits.connections[severity]}`,
      summary: '{{ $value | humanizePercentage }} of the database connections are in use.',
      action: 'Find the programs that hold them: group pg_stat_activity by application_name',
    })),
  ];
}
