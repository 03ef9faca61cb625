/** Tables and indexes: size, dead rows, vacuum, and unused indexes. */
import { limits } from '../../services/slo/limits.ts';
import { overrides } from '../overrides.ts';
import { statPanel, tablePanel } from '../panel-builders.ts';
import { sqlTable } from '../queries.ts';
import { colours } from '../theme.ts';

/** Without unique indexes: they enforce a constraint even if no query reads them. */
const plainIndexes = `from pg_stat_user_indexes
join pg_index using (indexrelid)
where not indisunique and schemaname not in ('pg_toast', 'reporting')`;

export function indexUsage() {
  return statPanel({
    title: `Index usage ≥ ${limits.indexesUsed * 100} %`,
    description: `Share of indexes read since the last statistics reset, without unique indexes. The target is ${limits.indexesUsed * 100} %. A new database has used few indexes yet. The table below lists the unused ones.`,
    unit: 'percentunit',
    decimals: 0,
    source: 'postgres',
    noValue: 'no indexes',
    // A new database would be yellow for weeks.
    neutral: true,
    queries: [
      sqlTable(`select count(*) filter (where idx_scan > 0)::float8 / nullif(count(*), 0) as used\n${plainIndexes}`),
    ],
  });
}

export function tables() {
  return tablePanel({
    title: 'Tables',
    description:
      'Tables with their size, rows, dead rows, last vacuum and share of index scans. If more than 20 % of rows stay dead for days, autovacuum does not keep up or a long transaction blocks it. Tables with fewer than 1,000 rows have no share.',
    unit: 'none',
    source: 'postgres',
    noValue: 'no tables',
    queries: [
      sqlTable(`select relname as "table", pg_total_relation_size(relid) as bytes, pg_indexes_size(relid) as indexes, n_live_tup as rows,
  case when n_live_tup + n_dead_tup >= 1000 then n_dead_tup::float8 / (n_live_tup + n_dead_tup) end as dead,
  extract(epoch from now() - greatest(last_vacuum, last_autovacuum))::float8 as vacuumed,
  extract(epoch from now() - greatest(last_analyze, last_autoanalyze))::float8 as analyzed,
  idx_scan::float8 / nullif(idx_scan + seq_scan, 0) as by_index
from pg_stat_user_tables
where schemaname not in ('pg_toast', 'reporting')
order by bytes desc
limit 25`),
    ],
  })
    .overrideByName('table', overrides({ name: 'Table', narrow: true }))
    .overrideByName('bytes', overrides({ name: 'Size', unit: 'bytes', decimals: 1, width: 82 }))
    .overrideByName('indexes', overrides({ name: 'Indexes', unit: 'bytes', decimals: 1, width: 96 }))
    .overrideByName('rows', overrides({ name: 'Rows', unit: 'short', width: 68 }))
    .overrideByName(
      'dead',
      overrides({
        name: 'Dead',
        unit: 'percentunit',
        decimals: 0,
        width: 58,
        coloured: true,
        steps: deadSteps,
        noValue: '–',
      }),
    )
    .overrideByName(
      'vacuumed',
      overrides({ name: 'Last vacuum', unit: 'dtdurations', decimals: 0, width: 112, noValue: 'never' }),
    )
    .overrideByName(
      'analyzed',
      overrides({ name: 'Last analyse', unit: 'dtdurations', decimals: 0, width: 112, noValue: 'never' }),
    )
    .overrideByName(
      'by_index',
      overrides({ name: 'Index scans', unit: 'percentunit', decimals: 0, width: 102, noValue: '–' }),
    );
}

const deadSteps = [
  { value: null, color: 'transparent' },
  { value: 0.2, color: colours.notice },
  { value: 0.5, color: colours.warn },
];

export function unusedIndexes() {
  return tablePanel({
    title: 'Unused indexes',
    description:
      'Indexes without a scan since the last statistics reset, the largest first. Each one slows down inserts. Read docs/growth.md before you drop one: some serve rare queries.',
    unit: 'none',
    source: 'postgres',
    noValue: 'all indexes are used',
    queries: [
      sqlTable(`select indexrelname as index, relname as "table", pg_relation_size(indexrelid) as bytes
${plainIndexes} and idx_scan = 0
order by bytes desc
limit 40`),
    ],
  })
    .overrideByName('index', overrides({ name: 'Index' }))
    .overrideByName('table', overrides({ name: 'Table', width: 135 }))
    .overrideByName('bytes', overrides({ name: 'Size', unit: 'bytes', decimals: 1, width: 82 }));
}
