/** Cost in yen: per answer, by model and by user, compared with the objective and the monthly budget. */
import type { DashboardContext } from './context.ts';
import { buildDashboard, cell, type Dashboard, line, row } from './dashboard.ts';
import * as drivers from './panels/cost-drivers.ts';
import * as spend from './panels/spend.ts';

export function costDashboard(context: DashboardContext): Dashboard {
  return buildDashboard({
    id: 'cost',
    question: 'What do answers cost, what drives the cost, and what will the month cost?',
    context,
    from: 'now-24h',
    refresh: '5m',
    rows: [
      row(
        100,
        'Summary',
        line(
          4,
          cell(1, 4, spend.costPerAnswer(context)),
          cell(2, 4, spend.costLastDay()),
          cell(3, 4, spend.costThisMonth()),
          cell(4, 4, spend.monthForecast()),
          cell(5, 4, spend.budgetUsed()),
          cell(6, 4, spend.unpricedAnswers()),
        ),
        line(9, cell(7, 12, drivers.costPerAnswerByModel()), cell(8, 12, drivers.costPerHour())),
      ),
      row(
        101,
        'Cost drivers',
        line(
          9,
          cell(11, 8, drivers.tokensPerMinute()),
          cell(12, 8, drivers.cachedTokenShare()),
          cell(13, 8, drivers.costByUserDecile()),
        ),
      ),
      row(
        102,
        'Models, daily cost and prices',
        line(
          9,
          cell(21, 12, drivers.mostExpensiveModels()),
          cell(22, 8, spend.costPerDay()),
          cell(23, 4, spend.priceAge()),
        ),
      ),
    ],
  });
}
