/** The board that pages open: which promise is broken, since when, how badly, and where to click. */
import { at, type Board, board, line, section } from './board.ts';
import { alertsFiring } from './panels/alerts-firing.ts';
import { budgetLeft, burnRates, errorBudgets } from './panels/error-budgets.ts';
import { type House, promiseNow, promisesByWindow, promiseTrend, rollupNow } from './panels/promises.ts';

export function sloBoard(house: House): Board {
  return board({
    board: 'slo',
    question: 'Is every promise kept, now and this month?',
    links: house.links,
    from: 'now-6h',
    refresh: '1m',
    sections: [
      section(
        100,
        'Over the last hour',
        line(
          4,
          at(1, 4, promiseNow(house, 'citationRate')),
          at(2, 3, promiseNow(house, 'latencyP50')),
          at(3, 3, promiseNow(house, 'latencyP95')),
          at(4, 3, promiseNow(house, 'costPerAnswer')),
          at(5, 3, promiseNow(house, 'relevance')),
          at(6, 4, promiseNow(house, 'errorRate')),
          at(7, 4, rollupNow(house)),
        ),
        // As high as a row for each window.
        line(10, at(8, 10, alertsFiring(house)), at(9, 14, promisesByWindow(house))),
      ),
      section(
        101,
        'Each promise over time',
        line(
          8,
          at(11, 8, promiseTrend(house, 'citationRate')),
          at(12, 8, promiseTrend(house, 'latencyP95')),
          at(13, 8, promiseTrend(house, 'errorRate')),
        ),
        line(
          8,
          at(14, 8, promiseTrend(house, 'costPerAnswer')),
          at(15, 8, promiseTrend(house, 'latencyP50')),
          at(16, 8, promiseTrend(house, 'relevance')),
        ),
      ),
      section(
        102,
        'This month',
        line(8, at(21, 12, errorBudgets(house)), at(22, 6, budgetLeft(house)), at(23, 6, burnRates(house))),
      ),
    ],
  });
}
