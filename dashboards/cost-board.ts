/** What answers cost: yen per answer, by model and by user, against the promise and the month's budget. */
import { at, type Board, board, line, section } from './board.ts';
import * as drivers from './panels/cost-drivers.ts';
import type { House } from './panels/promises.ts';
import * as spend from './panels/spend.ts';

export function costBoard(house: House): Board {
  return board({
    board: 'cost',
    question: 'What do answers cost, who and what drives it, and where will the month end?',
    links: house.links,
    from: 'now-24h',
    refresh: '5m',
    sections: [
      section(
        100,
        'Now and this month',
        line(
          4,
          at(1, 4, spend.yenPerAnswer(house)),
          at(2, 4, spend.spentDay()),
          at(3, 4, spend.monthSoFar()),
          at(4, 4, spend.monthForecast()),
          at(5, 4, spend.budgetUsed()),
          at(6, 4, spend.unpriced()),
        ),
        line(9, at(7, 12, drivers.costByModel()), at(8, 12, drivers.spendByModel())),
      ),
      section(
        101,
        'What drives it',
        line(9, at(11, 8, drivers.tokens()), at(12, 8, drivers.cachedShare()), at(13, 8, drivers.costByUserDecile())),
      ),
      section(
        102,
        'Models, days, prices',
        line(9, at(21, 12, drivers.dearestModels()), at(22, 8, spend.spendByDay()), at(23, 4, spend.priceAge())),
      ),
    ],
  });
}
