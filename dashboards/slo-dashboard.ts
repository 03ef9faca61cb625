/** SLO status: which objective is breached, since when, by how much, and where to look next. Alerts link to it. */
import type { DashboardContext } from './context.ts';
import { buildDashboard, cell, type Dashboard, line, row } from './dashboard.ts';
import { budgetRemaining, burnRates, errorBudgets } from './panels/error-budgets.ts';
import { firingAlerts } from './panels/firing-alerts.ts';
import { currentValue, objectivesByWindow, rollupAge, valueOverTime } from './panels/objectives.ts';

export function sloDashboard(context: DashboardContext): Dashboard {
  return buildDashboard({
    id: 'slo',
    question: 'Is every objective met, now and over 30 days?',
    context,
    from: 'now-6h',
    refresh: '1m',
    rows: [
      row(
        100,
        'Last hour',
        line(
          4,
          cell(1, 4, currentValue(context, 'citationRate')),
          cell(2, 3, currentValue(context, 'latencyP50')),
          cell(3, 3, currentValue(context, 'latencyP95')),
          cell(4, 3, currentValue(context, 'costPerAnswer')),
          cell(5, 4, currentValue(context, 'relevance')),
          cell(6, 4, currentValue(context, 'errorRate')),
          cell(7, 3, rollupAge(context)),
        ),
        // High enough for one row per window.
        line(10, cell(8, 10, firingAlerts(context)), cell(9, 14, objectivesByWindow(context))),
      ),
      row(
        101,
        'Objectives over time',
        line(
          8,
          cell(11, 8, valueOverTime(context, 'citationRate')),
          cell(12, 8, valueOverTime(context, 'latencyP95')),
          cell(13, 8, valueOverTime(context, 'errorRate')),
        ),
        line(
          8,
          cell(14, 8, valueOverTime(context, 'costPerAnswer')),
          cell(15, 8, valueOverTime(context, 'latencyP50')),
          cell(16, 8, valueOverTime(context, 'relevance')),
        ),
      ),
      row(
        102,
        'Error budgets',
        line(
          8,
          cell(21, 12, errorBudgets(context)),
          cell(22, 6, budgetRemaining(context)),
          cell(23, 6, burnRates(context)),
        ),
      ),
    ],
  });
}
