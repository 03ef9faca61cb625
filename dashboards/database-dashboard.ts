/** PostgreSQL: availability, locks, size, dead rows, and the most expensive statements. */
import type { DashboardContext } from './context.ts';
import { buildDashboard, cell, collapsedRow, type Dashboard, line, row } from './dashboard.ts';
import * as database from './panels/database.ts';
import * as tables from './panels/tables.ts';

export function databaseDashboard(context: DashboardContext): Dashboard {
  return buildDashboard({
    id: 'database',
    question: 'Is the database available, which sessions block others, and what grows?',
    context,
    from: 'now-6h',
    refresh: '5m',
    rows: [
      row(
        100,
        'Summary',
        line(
          4,
          cell(1, 4, database.databaseStatus()),
          cell(2, 4, database.connectionUsage()),
          cell(3, 4, database.longestTransaction()),
          cell(4, 4, database.longestLockWait()),
          cell(5, 4, database.totalSize()),
          cell(6, 4, tables.indexUsage()),
        ),
        line(
          8,
          cell(11, 8, database.connections()),
          cell(12, 8, database.waits()),
          cell(13, 8, database.transactions()),
        ),
      ),
      row(101, 'Tables and indexes', line(11, cell(21, 15, tables.tables()), cell(22, 9, tables.unusedIndexes()))),
      row(
        103,
        'Memory, disk and locks',
        line(
          8,
          cell(41, 6, database.cacheHitRate()),
          cell(42, 6, database.temporaryFiles()),
          cell(43, 6, database.locks()),
          cell(44, 6, database.sizeByDatabase()),
        ),
      ),
      // Closed, because a database without the extension has nothing to show here.
      collapsedRow(
        102,
        'Statements (extension pg_stat_statements)',
        line(10, cell(31, 24, database.mostExpensiveStatements())),
      ),
    ],
  });
}
