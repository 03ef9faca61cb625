/** Panels of tables and indexes: how large, how dead, how long since a vacuum, and which indexes nobody uses. */
import { limits } from '../../services/slo/limits.ts';
import { colours, grid, look, numbers } from '../house-style.ts';
import { sql } from '../queries.ts';

/** Unique ones are not counted: they keep a promise even if nobody reads by them. */
const plainIndexes = `from pg_stat_user_indexes
join pg_index using (indexrelid)
where not indisunique and schemaname not in ('pg_toast', 'reporting')`;

export function indexesUsed() {
  return numbers({
    title: `Indexes ≥ ${limits.indexesUsed * 100} %`,
    says: `Of the indexes that only make reading faster, the share that was read since the statistics were reset; ${limits.indexesUsed * 100} % is aimed at. A new database has used few yet. Which are unused: below.`,
    unit: 'percentunit',
    decimals: 0,
    source: 'postgres',
    empty: 'no indexes',
    steps: [
      { value: null, color: colours.notice },
      { value: limits.indexesUsed, color: colours.good },
    ],
    queries: [
      sql(`select count(*) filter (where idx_scan > 0)::float8 / nullif(count(*), 0) as used\n${plainIndexes}`),
    ],
  });
}

export function tables() {
  return grid({
    title: 'Tables',
    says: 'Each table with its indexes: size, rows, how many of them are dead, when it was last vacuumed, and how it is read. More than a fifth dead for days: autovacuum does not keep up, or a long transaction holds it.',
    unit: 'none',
    source: 'postgres',
    empty: 'no tables',
    queries: [
      sql(`select relname as "table", pg_total_relation_size(relid) as bytes, pg_indexes_size(relid) as indexes, n_live_tup as rows,
  n_dead_tup::float8 / nullif(n_live_tup + n_dead_tup, 0) as dead,
  extract(epoch from now() - greatest(last_vacuum, last_autovacuum))::float8 as vacuumed,
  extract(epoch from now() - greatest(last_analyze, last_autoanalyze))::float8 as analyzed,
  idx_scan::float8 / nullif(idx_scan + seq_scan, 0) as by_index
from pg_stat_user_tables
where schemaname not in ('pg_toast', 'reporting')
order by bytes desc
limit 25`),
    ],
  })
    .overrideByName('table', look({ name: 'Table', narrow: true }))
    .overrideByName('bytes', look({ name: 'Size', unit: 'bytes', decimals: 1, width: 82 }))
    .overrideByName('indexes', look({ name: 'Of it indexes', unit: 'bytes', decimals: 1, width: 96 }))
    .overrideByName('rows', look({ name: 'Rows', unit: 'short', width: 68 }))
    .overrideByName(
      'dead',
      look({ name: 'Dead', unit: 'percentunit', decimals: 0, width: 58, painted: true, steps: deadSteps, empty: '–' }),
    )
    .overrideByName(
      'vacuumed',
      look({ name: 'Vacuumed, ago', unit: 'dtdurations', decimals: 0, width: 112, empty: 'never' }),
    )
    .overrideByName(
      'analyzed',
      look({ name: 'Analysed, ago', unit: 'dtdurations', decimals: 0, width: 112, empty: 'never' }),
    )
    .overrideByName(
      'by_index',
      look({ name: 'Read by index', unit: 'percentunit', decimals: 0, width: 102, empty: '–' }),
    );
}

const deadSteps = [
  { value: null, color: 'transparent' },
  { value: 0.2, color: colours.notice },
  { value: 0.5, color: colours.warn },
];

export function unusedIndexes() {
  return grid({
    title: 'Indexes that nobody used',
    says: 'Indexes without one read since the statistics were reset, the largest first; each costs every insert. Look at docs/growth.md before dropping one: some serve a rare question.',
    unit: 'none',
    source: 'postgres',
    empty: 'every index was used',
    queries: [
      sql(`select indexrelname as index, relname as "table", pg_relation_size(indexrelid) as bytes
${plainIndexes} and idx_scan = 0
order by bytes desc
limit 40`),
    ],
  })
    .overrideByName('index', look({ name: 'Index' }))
    .overrideByName('table', look({ name: 'Table', width: 135 }))
    .overrideByName('bytes', look({ name: 'Size', unit: 'bytes', decimals: 1, width: 82 }));
}
