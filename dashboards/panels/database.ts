/** Panels of the database as it runs: connections, locks, hits, transactions, and its slowest statements. */
import { select } from '../../alerts/promql.ts';
import { databaseMetrics } from '../../services/catalogue/other-metrics.ts';
import { workerMetrics } from '../../services/catalogue/worker-metrics.ts';
import { limits } from '../../services/slo/limits.ts';
import { called, colours, graph, grid, look, numbers } from '../house-style.ts';
import { now, over, sql } from '../queries.ts';

const on = databaseMetrics;
const notWatched = 'not watched';
const perSecond = (name: string) => `sum(rate(${name}[$__rate_interval]))`;

export function up() {
  const exporter = `min(${on.up})`;
  const worker = `max(${workerMetrics.workerDatabaseUp.name})`;
  return numbers({
    title: 'Database',
    says: 'Whether postgres_exporter and the workers reach it. If one does and the other does not, look at the network between them.',
    unit: 'none',
    steps: [
      { value: null, color: colours.bad },
      { value: 1, color: colours.good },
    ],
    mappings: [called({ '0': ['AWAY'], '1': ['ANSWERS'] })],
    queries: [now(`${exporter} * ${worker} or ${exporter} or ${worker}`, 'up')],
    empty: notWatched,
  });
}

export function connectionsUsed() {
  return numbers({
    title: 'Connections taken',
    says: `Of max_connections. At ${limits.connections.warning * 100} % somebody is told, at ${limits.connections.critical * 100} % woken: find who holds them in pg_stat_activity, by application_name.`,
    unit: 'percentunit',
    decimals: 0,
    steps: [
      { value: null, color: colours.good },
      { value: limits.connections.warning, color: colours.warn },
      { value: limits.connections.critical, color: colours.bad },
    ],
    queries: [now(`sum(${on.sessions}) / max(${on.mostConnections} > 0)`, 'taken')],
    empty: notWatched,
  });
}

export function longestTransaction() {
  return numbers({
    title: 'Longest transaction',
    says: `The transaction that has been open for longest. From ${limits.slowTransaction} s on somebody is told: vacuum cannot clean behind it, and it may hold locks.`,
    unit: 's',
    decimals: 0,
    steps: [
      { value: null, color: colours.good },
      { value: limits.slowTransaction, color: colours.warn },
    ],
    queries: [now(`max(${select(on.longestTransaction, { state: ['active', 'idle in transaction'] })})`, 'open')],
    empty: notWatched,
  });
}

export function longestLockWait() {
  return numbers({
    title: 'Longest lock wait',
    says: `The session that has waited for longest. From ${limits.lockWait} s on questions fail behind it: find who holds it with pg_blocking_pids.`,
    unit: 's',
    decimals: 1,
    steps: [
      { value: null, color: colours.good },
      { value: limits.lockWait, color: colours.warn },
    ],
    queries: [now(`max(${on.longestLockWait})`, 'waits')],
    empty: notWatched,
  });
}

const hits = `${perSecond(on.blocksHit)} / (${perSecond(on.blocksHit)} + ${perSecond(on.blocksRead)} > 0)`;

export function size() {
  return numbers({
    title: 'Size',
    says: 'Of all databases of the server. How fast each grows is at the bottom; a full disk stops everything.',
    unit: 'bytes',
    decimals: 1,
    quiet: true,
    queries: [now(`sum(${on.size})`, 'size')],
    empty: notWatched,
  });
}

export function connections() {
  return graph({
    title: 'Connections, by state',
    says: 'Sessions by what they do. Many that are idle in transaction: a program that forgot to commit. All active: the server is at its limit.',
    unit: 'none',
    min: 0,
    stacked: true,
    queries: [over(`sum by (state) (${on.sessions}) > 0`, '{{state}}')],
    empty: notWatched,
  })
    .overrideByName('active', look({ colour: colours.good }))
    .overrideByName('idle', look({ colour: colours.quiet }))
    .overrideByName('idle in transaction', look({ colour: colours.bad }));
}

export function waits() {
  return graph({
    title: 'Waiting: locks and long transactions',
    says: 'Seconds that the longest wait for a lock and the longest transaction have lasted. A saw with growing teeth is a job that holds ever more.',
    unit: 's',
    min: 0,
    queries: [
      over(`max(${on.longestLockWait})`, 'wait for a lock'),
      over(`max(${select(on.longestTransaction, { state: ['active', 'idle in transaction'] })})`, 'transaction'),
    ],
    empty: notWatched,
  })
    .overrideByName('wait for a lock', look({ colour: colours.bad }))
    .overrideByName('transaction', look({ colour: colours.good, dashed: true }));
}

export function locks() {
  return graph({
    title: 'Locks held, by mode',
    says: 'Locks of all sessions. exclusivelock and accessexclusivelock for longer than a moment are a migration or a stuck command.',
    unit: 'none',
    min: 0,
    queries: [over(`sum by (mode) (${on.locks}) > 0`, '{{mode}}')],
    empty: notWatched,
  });
}

export function transactions() {
  return graph({
    title: 'Transactions a second',
    says: 'Committed and rolled back, and deadlocks. Rollbacks that rise with errors are the errors; deadlocks are a fault in the order of locks.',
    unit: 'none',
    min: 0,
    queries: [
      over(perSecond(on.commits), 'committed'),
      over(perSecond(on.rollbacks), 'rolled back'),
      over(perSecond(on.deadlocks), 'deadlocks'),
    ],
    empty: notWatched,
  })
    .overrideByName('committed', look({ colour: colours.good }))
    .overrideByName('rolled back', look({ colour: colours.fourth }))
    .overrideByName('deadlocks', look({ colour: colours.bad, dashed: true }));
}

export function cacheHits() {
  return graph({
    title: 'Blocks found in memory',
    says: 'Share of blocks that did not have to be read from disk. It falls when what is asked for outgrows the memory, or a new statement scans a table.',
    unit: 'percentunit',
    // Else a hundredth of a percent fills the panel, and nothing looks like a fall.
    softMin: 0.9,
    max: 1,
    queries: [over(hits, 'found in memory')],
    empty: notWatched,
  }).overrideByName('found in memory', look({ colour: colours.good }));
}

export function temporary() {
  return graph({
    title: 'Temporary files, bytes a second',
    says: 'What sorts and joins wrote to disk because work_mem was too small. Some at night is the rollup; by day it is a statement to look at.',
    unit: 'Bps',
    min: 0,
    queries: [over(perSecond(on.temporaryBytes), 'written')],
    empty: notWatched,
  }).overrideByName('written', look({ colour: colours.fourth }));
}

export function growth() {
  return graph({
    title: 'Size, by database',
    says: 'Bytes of each database. Hold the slope against the disk: at 10,000 answers a day this service adds what docs/growth.md says.',
    unit: 'bytes',
    min: 0,
    queries: [over(`${on.size} > 0`, '{{datname}}')],
    empty: notWatched,
  });
}

export function slowestStatements() {
  return grid({
    title: 'Statements that cost most',
    says: 'By all their time together, since the statistics were reset. Empty without the extension pg_stat_statements. Constants are $1 in them: no text of users.',
    unit: 'none',
    source: 'postgres',
    empty: 'pg_stat_statements is not there',
    queries: [
      sql(`select statement, calls, total_seconds as together, mean_ms as mean, longest_ms as longest, rows_each as rows
from reporting.slowest_statements()
order by together desc
limit 20`),
    ],
  })
    .overrideByName('statement', look({ name: 'Statement' }))
    .overrideByName('calls', look({ name: 'Calls', unit: 'short', width: 90 }))
    .overrideByName('together', look({ name: 'Together', unit: 's', decimals: 1, width: 100 }))
    .overrideByName('mean', look({ name: 'Mean', unit: 'ms', decimals: 1, width: 90 }))
    .overrideByName('longest', look({ name: 'Longest', unit: 'ms', decimals: 0, width: 90 }))
    .overrideByName('rows', look({ name: 'Rows each', decimals: 1, width: 90 }));
}
