/** Content and its rights: what is held under which licence, what expires, what changed, and what was removed or erased. */
import { at, type Board, board, line, section } from './board.ts';
import * as contents from './panels/contents.ts';
import type { House } from './panels/promises.ts';
import * as retention from './panels/retention.ts';
import * as sources from './panels/sources.ts';

export function provenanceBoard(house: House): Board {
  return board({
    board: 'provenance',
    question: 'May we use what we answer from, what expires next, and is what should be gone gone?',
    links: house.links,
    from: 'now-24h',
    refresh: '15m',
    sections: [
      section(
        100,
        'Now',
        line(
          4,
          at(1, 3, contents.contents()),
          at(2, 4, contents.expiringWithin(30)),
          at(3, 4, contents.expiringWithin(90)),
          at(4, 3, retention.overdue()),
          at(5, 3, contents.changedContents()),
          at(6, 4, contents.oldestVerification()),
          at(7, 3, retention.receiptsNow()),
        ),
        line(
          9,
          at(11, 6, contents.byLicence()),
          at(12, 6, contents.byAcquisition()),
          at(13, 6, contents.byConsent()),
          at(14, 6, contents.verification()),
        ),
      ),
      section(
        101,
        'What expires, and what rests on it',
        line(9, at(21, 12, contents.expiring()), at(22, 12, contents.citedAndExpiring())),
      ),
      section(
        102,
        'Verified, removed, erased',
        line(8, at(31, 12, retention.retentionTasks()), at(32, 12, contents.mismatches())),
        line(8, at(33, 8, retention.removals()), at(34, 10, retention.receipts()), at(35, 6, retention.overdueTrend())),
      ),
      section(
        103,
        'Where content comes from',
        line(7, at(41, 24, sources.sources())),
        line(8, at(42, 8, sources.health()), at(43, 8, sources.checks()), at(44, 8, sources.outcomes())),
      ),
    ],
  });
}
