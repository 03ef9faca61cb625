/** The database: whether it answers, who waits, what is large, what is dead, and which statements cost most. */
import { at, type Board, board, line, section } from './board.ts';
import * as database from './panels/database.ts';
import type { House } from './panels/promises.ts';
import * as tables from './panels/tables.ts';

export function databaseBoard(house: House): Board {
  return board({
    board: 'database',
    question: 'Does the database answer, who waits for whom, and what grows?',
    links: house.links,
    from: 'now-6h',
    refresh: '5m',
    sections: [
      section(
        100,
        'Now',
        line(
          4,
          at(1, 4, database.up()),
          at(2, 4, database.connectionsUsed()),
          at(3, 4, database.longestTransaction()),
          at(4, 4, database.longestLockWait()),
          at(5, 4, database.size()),
          at(6, 4, tables.indexesUsed()),
        ),
        line(8, at(11, 8, database.connections()), at(12, 8, database.waits()), at(13, 8, database.transactions())),
      ),
      section(
        101,
        'What is large, dead or unused',
        line(11, at(21, 15, tables.tables()), at(22, 9, tables.unusedIndexes())),
      ),
      section(102, 'What costs', line(10, at(31, 24, database.slowestStatements()))),
      section(
        103,
        'Memory, disk and locks',
        line(
          8,
          at(41, 6, database.cacheHits()),
          at(42, 6, database.temporary()),
          at(43, 6, database.locks()),
          at(44, 6, database.growth()),
        ),
      ),
    ],
  });
}
