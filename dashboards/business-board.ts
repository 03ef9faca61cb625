/** Days and weeks: which days kept the promises, how much was asked, and what answers rested on. */
import { at, type Board, board, line, section } from './board.ts';
import * as days from './panels/days.ts';
import * as kept from './panels/kept-promises.ts';
import type { House } from './panels/promises.ts';

export function businessBoard(house: House): Board {
  return board({
    board: 'business',
    question: 'Which days kept what was promised, and how is the service used?',
    links: house.links,
    from: 'now-90d',
    refresh: '',
    sections: [
      section(
        100,
        'Promises, day by day',
        line(
          4,
          at(1, 6, kept.keptDays()),
          at(2, 6, days.questionsInAll()),
          at(3, 6, days.usersADay()),
          at(4, 6, days.spentInAll()),
        ),
        line(13, at(5, 11, kept.calendar()), at(6, 13, kept.weeks())),
      ),
      section(
        101,
        'Trends',
        line(8, at(11, 8, days.citationTrend()), at(12, 8, days.latencyTrend()), at(13, 8, days.costTrend())),
        line(8, at(14, 8, days.relevanceTrend()), at(15, 8, days.errorTrend()), at(16, 8, days.usage())),
      ),
      section(
        102,
        'What it rests on',
        line(8, at(24, 16, days.sourceKindsADay()), at(21, 8, days.sourceKinds())),
        line(8, at(22, 12, days.sourcesADay()), at(23, 12, days.votesADay())),
      ),
    ],
  });
}
