/** What fires right now, since when, and where to click. */
import { alertName } from '../../alerts/alert-objective.ts';
import { isAlert } from '../../alerts/rule.ts';
import { objectiveGroups, operationGroups } from '../../alerts/rules.ts';
import { indicators } from '../../services/catalogue/indicators.ts';
import { type DashboardId, dashboards, dashboardTitles } from '../../services/catalogue/links.ts';
import { called, colours, grid, look } from '../house-style.ts';
import { rows } from '../queries.ts';
import { keep, ordered } from '../tidy.ts';
import { boardOf, type House } from './promises.ts';

const columns = ['severity', 'alertname', 'Value', 'board'];
const firing = `(ALERTS_FOR_STATE and ignoring(alertstate) ALERTS{alertstate="firing",severity=~"critical|warning"}) * 1000`;

export function alertsFiring(house: House) {
  const panel = grid({
    title: 'Firing now',
    says: 'Alerts that fire, the worst first, and since when. Click the name for its runbook, the board for what is behind it. An empty table is good news only while the board of the watchers is well: the watchdog has to fire there.',
    unit: 'none',
    empty: 'nothing fires',
    queries: [rows(withBoards(house))],
    sortBy: [{ column: 'Severity', desc: false }],
  });
  keep(panel, columns);
  ordered(panel, columns);
  return panel
    .overrideByName(
      'severity',
      look({
        name: 'Severity',
        width: 85,
        painted: true,
        mappings: [called({ critical: ['CRITICAL', colours.bad], warning: ['WARNING', colours.warn] })],
      }),
    )
    .overrideByName(
      'alertname',
      look({
        name: 'Alert',
        links: [{ title: 'Runbook', url: `${house.links.runbooks}/\${__value.raw}.md` }],
      }),
    )
    .overrideByName('Value', look({ name: 'Since', unit: 'dateTimeFromNow', width: 135 }))
    .overrideByName(
      'board',
      look({
        name: 'Look at',
        width: 120,
        mappings: [called(Object.fromEntries(ids.map((id) => [dashboards[id], [dashboardTitles[id]]])))],
        links: [{ title: 'Board', url: `/d/\${__value.raw}?\${__url_time_range}` }],
        empty: '–',
      }),
    );
}

const ids = Object.keys(dashboards) as DashboardId[];

/** A label `board` for each alert: that which it opens, or, where that is the board of promises, the one that tells why. */
function withBoards({ slo, links }: House): string {
  const why = new Map(
    slo.objectives.flatMap(({ key, objective: { name } }) =>
      [name, `${name}_budget`].map(
        (about) => [alertName(about), dashboards[boardOf[key as keyof typeof boardOf]]] as const,
      ),
    ),
  );
  const alerts = [...objectiveGroups(slo, indicators, links), ...operationGroups(slo, links)]
    .flatMap(({ rules }) => rules.filter(isAlert))
    .filter(({ labels }) => labels.severity !== 'none')
    .map(({ alert, annotations }) => ({
      alert,
      board: why.get(alert) ?? annotations.dashboard_url.slice(annotations.dashboard_url.lastIndexOf('/') + 1),
    }));
  return [...Map.groupBy(alerts, ({ board }) => board)].reduce((inner, [board, of]) => {
    const names = [...new Set(of.map(({ alert }) => alert))].sort();
    return `label_replace(${inner}, "board", "${board}", "alertname", "${names.join('|')}")`;
  }, firing);
}
