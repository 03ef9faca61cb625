/** Those who watch: whether alerts can come at all, whether the jobs ran, and whether telemetry is whole. */
import { at, type Board, board, line, section } from './board.ts';
import * as jobs from './panels/jobs.ts';
import { type House, rollupNow } from './panels/promises.ts';
import * as reconciliation from './panels/reconciliation.ts';
import { accountGap } from './panels/records.ts';
import * as watchers from './panels/watchers.ts';

export function watchersBoard(house: House): Board {
  return board({
    board: 'monitoring',
    question: 'Would we be told, did the jobs run, and is telemetry whole?',
    links: house.links,
    from: 'now-6h',
    refresh: '1m',
    sections: [
      section(
        100,
        'Now',
        line(
          4,
          at(1, 3, watchers.watchdog()),
          at(2, 3, watchers.targetsAway()),
          at(3, 4, watchers.rulesFailed()),
          at(4, 4, watchers.notDelivered()),
          at(5, 4, rollupNow(house)),
          at(6, 3, jobs.rollupFailures()),
          at(7, 3, accountGap()),
        ),
        line(9, at(11, 16, jobs.runs()), at(12, 8, watchers.targets())),
      ),
      section(101, 'Rules and pages', line(8, at(21, 12, watchers.ruleGroups()), at(22, 12, watchers.notifications()))),
      section(
        102,
        'Jobs, and what runs',
        line(
          8,
          at(31, 7, jobs.rollups()),
          at(32, 7, jobs.rollupRunsByState()),
          at(33, 4, jobs.workerSees()),
          at(34, 6, watchers.versions()),
        ),
        line(7, at(35, 18, reconciliation.reconciliation()), at(36, 6, reconciliation.comparison())),
      ),
      section(
        103,
        'The Collector before Tempo and Loki',
        line(
          8,
          at(41, 6, watchers.queues()),
          at(42, 6, watchers.collectorFlow()),
          at(43, 6, watchers.collectorLosses()),
          at(44, 6, watchers.collectorMemory()),
        ),
      ),
      section(
        104,
        'How much is watched',
        line(9, at(23, 12, watchers.series()), at(24, 12, watchers.seriesByMetric())),
      ),
    ],
  });
}
