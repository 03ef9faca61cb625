/** PostgreSQL at runtime: connections, locks, cache, transactions and statements. */
import { select } from '../../alerts/promql.ts';
import { databaseMetrics } from '../../services/catalogue/other-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { overrides, valueMapping } from '../overrides.ts';
import { statPanel, tablePanel, timeSeriesPanel } from '../panel-builders.ts';
import { instantQuery, rangeQuery, sqlTable } from '../queries.ts';
import { colours } from '../theme.ts';

const metrics = databaseMetrics;
const noExporter = 'no data';
const perSecond = (name: string) => `sum(rate(${name}[$__rate_interval]))`;

export function databaseStatus() {
  const exporter = `min(${metrics.up})`;
  const worker = `max(${workerMetrics.workerDatabaseUp.name})`;
  return statPanel({
    title: 'Database status',
    description:
      'Whether postgres_exporter and the workers can reach the database. If only one of them can, check the network between them.',
    unit: 'none',
    steps: [
      { value: null, color: colours.bad },
      { value: 1, color: colours.good },
    ],
    mappings: [valueMapping({ '0': ['DOWN'], '1': ['UP'] })],
    queries: [instantQuery(`${exporter} * ${worker} or ${exporter} or ${worker}`, 'up')],
    noValue: noExporter,
  });
}

export function connectionUsage() {
  return statPanel({
    title: 'Connection usage',
    description: `Share of max_connections in use. A warning fires at ${limits.connections.warning * 100} %, a critical alert at ${limits.connections.critical * 100} %. Find the clients in pg_stat_activity by application_name.`,
    unit: 'percentunit',
    decimals: 0,
    steps: [
      { value: null, color: colours.good },
      { value: limits.connections.warning, color: colours.warn },
      { value: limits.connections.critical, color: colours.bad },
    ],
    queries: [instantQuery(`sum(${metrics.sessions}) / max(${metrics.mostConnections} > 0)`, 'used')],
    noValue: noExporter,
  });
}

export function longestTransaction() {
  return statPanel({
    title: 'Longest transaction',
    description: `Duration of the oldest open transaction. A warning fires at ${limits.slowTransaction} s: vacuum cannot remove rows that the transaction may still see, and it may hold locks.`,
    unit: 's',
    decimals: 0,
    steps: [
      { value: null, color: colours.good },
      { value: limits.slowTransaction, color: colours.warn },
    ],
    queries: [
      instantQuery(`max(${select(metrics.longestTransaction, { state: ['active', 'idle in transaction'] })})`, 'open'),
    ],
    noValue: noExporter,
  });
}

export function longestLockWait() {
  return statPanel({
    title: 'Longest lock wait',
    description: `Duration of the longest wait for a lock. From ${limits.lockWait} s on, waiting questions fail. Find the blocking session with pg_blocking_pids.`,
    unit: 's',
    decimals: 1,
    steps: [
      { value: null, color: colours.good },
      { value: limits.lockWait, color: colours.warn },
    ],
    queries: [instantQuery(`max(${metrics.longestLockWait})`, 'waits')],
    noValue: noExporter,
  });
}

const hits = `${perSecond(metrics.blocksHit)} / (${perSecond(metrics.blocksHit)} + ${perSecond(metrics.blocksRead)} > 0)`;

export function totalSize() {
  return statPanel({
    title: 'Database size',
    description:
      'Size of all databases of the server. The graph at the bottom shows the growth. A full disk stops the service.',
    unit: 'bytes',
    decimals: 1,
    neutral: true,
    queries: [instantQuery(`sum(${metrics.size})`, 'size')],
    noValue: noExporter,
  });
}

export function connections() {
  return timeSeriesPanel({
    title: 'Connections by state',
    description:
      'Sessions by state. Many sessions that are idle in transaction: a program does not commit. All sessions active: the server is at its limit.',
    unit: 'none',
    min: 0,
    stacked: true,
    queries: [rangeQuery(`sum by (state) (${metrics.sessions}) > 0`, '{{state}}')],
    noValue: noExporter,
  })
    .overrideByName('active', overrides({ colour: colours.good }))
    .overrideByName('idle', overrides({ colour: colours.muted }))
    .overrideByName('idle in transaction', overrides({ colour: colours.bad }));
}

export function waits() {
  return timeSeriesPanel({
    title: 'Lock waits and long transactions',
    description:
      'Duration of the longest lock wait and of the longest transaction. Peaks that grow from run to run show a job that holds its transaction longer each time.',
    unit: 's',
    min: 0,
    queries: [
      rangeQuery(`max(${metrics.longestLockWait})`, 'lock wait'),
      rangeQuery(
        `max(${select(metrics.longestTransaction, { state: ['active', 'idle in transaction'] })})`,
        'transaction',
      ),
    ],
    noValue: noExporter,
  })
    .overrideByName('lock wait', overrides({ colour: colours.bad }))
    .overrideByName('transaction', overrides({ colour: colours.good, dashed: true }));
}

export function locks() {
  return timeSeriesPanel({
    title: 'Locks by mode',
    description:
      'Locks held by all sessions. ExclusiveLock or AccessExclusiveLock that lasts comes from a migration or a stuck command.',
    unit: 'none',
    min: 0,
    queries: [rangeQuery(`sum by (mode) (${metrics.locks}) > 0`, '{{mode}}')],
    noValue: noExporter,
  });
}

export function transactions() {
  return timeSeriesPanel({
    title: 'Transactions per second',
    description:
      'Commits, rollbacks and deadlocks. Rollbacks that rise with errors are a consequence of the errors. Deadlocks mean that programs take locks in different orders.',
    unit: 'none',
    min: 0,
    queries: [
      rangeQuery(perSecond(metrics.commits), 'committed'),
      rangeQuery(perSecond(metrics.rollbacks), 'rolled back'),
      rangeQuery(perSecond(metrics.deadlocks), 'deadlocks'),
    ],
    noValue: noExporter,
  })
    .overrideByName('committed', overrides({ colour: colours.good }))
    .overrideByName('rolled back', overrides({ colour: colours.fourth }))
    .overrideByName('deadlocks', overrides({ colour: colours.bad, dashed: true }));
}

export function cacheHitRate() {
  return timeSeriesPanel({
    title: 'Buffer cache hit rate',
    description:
      'Share of blocks read from memory instead of disk. It falls when the working set outgrows the memory, or when a new statement scans a table.',
    unit: 'percentunit',
    // Otherwise a change of a hundredth of a percent would fill the panel.
    softMin: 0.9,
    max: 1,
    queries: [rangeQuery(hits, 'hit rate')],
    noValue: noExporter,
  }).overrideByName('hit rate', overrides({ colour: colours.good }));
}

export function temporaryFiles() {
  return timeSeriesPanel({
    title: 'Temporary file writes',
    description:
      'Bytes per second that sorts and joins write to disk because work_mem is too small. At night the rollup causes some. By day, look for the statement.',
    unit: 'Bps',
    min: 0,
    queries: [rangeQuery(perSecond(metrics.temporaryBytes), 'written')],
    noValue: noExporter,
  }).overrideByName('written', overrides({ colour: colours.fourth }));
}

export function sizeByDatabase() {
  return timeSeriesPanel({
    title: 'Size by database',
    description:
      'Size of each database. Compare its growth with the free disk space: docs/growth.md gives the growth at 10,000 answers a day.',
    unit: 'bytes',
    min: 0,
    queries: [rangeQuery(`${metrics.size} > 0`, '{{datname}}')],
    noValue: noExporter,
  });
}

export function mostExpensiveStatements() {
  return tablePanel({
    title: 'Most expensive statements',
    description:
      'Statements by total execution time since the last statistics reset. Empty without the extension pg_stat_statements. Constants appear as $1, so the text of users is not shown.',
    unit: 'none',
    source: 'postgres',
    noValue: 'pg_stat_statements is not installed',
    queries: [
      sqlTable(`select statement, calls, total_seconds as total, mean_ms as mean, longest_ms as longest, rows_each as rows
from reporting.slowest_statements()
order by total desc
limit 20`),
    ],
  })
    .overrideByName('statement', overrides({ name: 'Statement' }))
    .overrideByName('calls', overrides({ name: 'Calls', unit: 'short', width: 90 }))
    .overrideByName('total', overrides({ name: 'Total', unit: 's', decimals: 1, width: 100 }))
    .overrideByName('mean', overrides({ name: 'Mean', unit: 'ms', decimals: 1, width: 90 }))
    .overrideByName('longest', overrides({ name: 'Longest', unit: 'ms', decimals: 0, width: 90 }))
    .overrideByName('rows', overrides({ name: 'Rows per call', decimals: 1, width: 90 }));
}
