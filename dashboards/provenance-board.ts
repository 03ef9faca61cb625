/** Content and its rights: what is held under which licence, what expires, what changed, and what was removed or erased. */
import { annotations } from './annotations.ts';
import { at, type Board, board, line, section } from './board.ts';
import type { House } from './panels/promises.ts';
import * as provenance from './panels/provenance.ts';
import * as sources from './panels/sources.ts';

export function provenanceBoard(house: House): Board {
  return board({
    board: 'provenance',
    question: 'May we use what we answer from, what expires next, and is what should be gone gone?',
    links: house.links,
    from: 'now-24h',
    refresh: '15m',
    annotations,
    sections: [
      section(
        100,
        'Now',
        line(
          4,
          at(1, 3, provenance.contents()),
          at(2, 3, provenance.expiringWithin(30)),
          at(3, 3, provenance.expiringWithin(90)),
          at(4, 3, provenance.overdue()),
          at(5, 4, provenance.changedContents()),
          at(6, 4, provenance.oldestVerification()),
          at(7, 4, provenance.receiptsNow()),
        ),
        line(
          9,
          at(11, 6, provenance.byLicence()),
          at(12, 6, provenance.byAcquisition()),
          at(13, 6, provenance.byConsent()),
          at(14, 6, provenance.verification()),
        ),
      ),
      section(
        101,
        'What expires, and what rests on it',
        line(9, at(21, 12, provenance.expiring()), at(22, 12, provenance.citedAndExpiring())),
      ),
      section(
        102,
        'Verified, removed, erased',
        line(8, at(31, 12, provenance.retentionTasks()), at(32, 12, provenance.mismatches())),
        line(
          8,
          at(33, 8, provenance.removals()),
          at(34, 10, provenance.receipts()),
          at(35, 6, provenance.overdueTrend()),
        ),
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
