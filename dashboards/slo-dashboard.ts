/** SLO status: which objective is breached, since when, by how much, and where to look next. Alerts link to it. */
import type { DashboardContext } from './context.ts';
import { buildDashboard, cell, type Dashboard, line, row } from './dashboard.ts';
import { budgetRemaining, burnRates, errorBudgets } from './panels/slo/error-budgets.ts';
import { firingAlerts } from './panels/slo/firing-alerts.ts';
import { failedNow, incidentStart, incidentStatus, questionsNow, valueNow, whereItFails } from './panels/slo/now.ts';
import { currentValue, objectivesByWindow, rollupAge, rollupOf, valueOverTime } from './panels/slo/objectives.ts';

/** Panel ids of the specification's objectives: links refer to them. Others follow from 200. */
const panelIds: Readonly<Record<string, { readonly now: number; readonly time: number }>> = {
  citation_rate: { now: 1, time: 11 },
  latency_p50: { now: 2, time: 15 },
  latency_p95: { now: 3, time: 12 },
  cost_per_answer: { now: 4, time: 14 },
  relevance: { now: 5, time: 16 },
  error_rate: { now: 6, time: 13 },
};

export function sloDashboard(context: DashboardContext): Dashboard {
  const { slo } = context;
  const objectives = slo.objectives.map(({ objective }, index) => ({
    objective,
    ids: panelIds[objective.name] ?? { now: 200 + 2 * index, time: 201 + 2 * index },
  }));
  const tilesNow = [
    ...objectives.map(({ objective }, index) => ({ id: 300 + index, panel: valueNow(context, objective) })),
    ...(rollupOf(context) === undefined ? [] : [{ id: 7, panel: rollupAge(context) }]),
  ];
  const tiles = objectives.map(({ objective, ids }) => ({ id: ids.now, panel: currentValue(context, objective) }));
  const graphs = objectives
    .toSorted((a, b) => a.ids.time - b.ids.time)
    .map(({ objective, ids }) => ({ id: ids.time, panel: valueOverTime(context, objective) }));
  return buildDashboard({
    id: 'slo',
    question: 'Is every objective met, now and over 30 days?',
    context,
    from: 'now-6h',
    refresh: '1m',
    rows: [
      row(
        104,
        'Now (last 5 minutes)',
        line(
          4,
          cell(31, 6, incidentStatus(context)),
          cell(32, 6, incidentStart(context)),
          cell(33, 6, questionsNow()),
          cell(34, 6, failedNow()),
        ),
        ...lines(4, 8, tilesNow),
        line(8, cell(8, 14, firingAlerts(context)), cell(35, 10, whereItFails())),
      ),
      row(100, 'Last hour', ...lines(4, 8, tiles), line(10, cell(9, 24, objectivesByWindow(context)))),
      row(101, 'Objectives over time', ...lines(8, 3, graphs)),
      row(
        102,
        'Last 30 days: error budgets',
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

type Panel = { readonly id: number; readonly panel: Parameters<typeof cell>[2] };

/** As few lines as possible, of panels that are equally wide but for a column. */
function lines(height: number, most: number, panels: readonly Panel[]) {
  const count = Math.ceil(panels.length / most);
  return Array.from({ length: count }, (_, index) => {
    const of = panels.slice(
      Math.round((index * panels.length) / count),
      Math.round(((index + 1) * panels.length) / count),
    );
    const left = (position: number) => Math.round((position * 24) / of.length);
    return line(height, ...of.map(({ id, panel }, position) => cell(id, left(position + 1) - left(position), panel)));
  });
}
