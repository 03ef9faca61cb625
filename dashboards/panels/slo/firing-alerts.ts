/** Firing alerts with links to runbooks and dashboards. */
import { alertName } from '../../../alerts/alert-objective.ts';
import { inhibitions } from '../../../alerts/alertmanager/inhibitions.ts';
import { type Matchers, select } from '../../../alerts/promql.ts';
import { isAlert } from '../../../alerts/rule.ts';
import { objectiveGroups, operationGroups } from '../../../alerts/rules.ts';
import { indicators } from '../../../services/catalogue/indicators.ts';
import { type DashboardId, dashboards, dashboardTitles } from '../../../services/catalogue/links.ts';
import { indicatorNames } from '../../../services/slo/indicator-names.ts';
import { objectives } from '../../../services/slo/objectives.ts';
import type { DashboardContext } from '../../context.ts';
import { overrides, valueMapping } from '../../overrides.ts';
import { tablePanel } from '../../panel-builders.ts';
import { tableQuery } from '../../queries.ts';
import { colours } from '../../theme.ts';
import { keepColumns, orderColumns } from '../../transformations.ts';

/**
 * Alerts that fire and that no other alert inhibits, as Alertmanager sends them: one incident is one row.
 * @param matchers of these alerts only
 */
export function alertsSent(
  { slo }: DashboardContext,
  matchers: Matchers = { severity: ['critical', 'warning'] },
): string {
  const firing = (...inside: readonly string[]) => `ALERTS{${['alertstate="firing"', ...inside].join(',')}}`;
  const inhibited = inhibitions(slo.deployment.identity, objectives).map(
    ({ source_matchers, target_matchers, equal }) =>
      `${firing(...target_matchers)} and on (${equal.join(', ')}) ${firing(...source_matchers)}`,
  );
  return `(${select('ALERTS', { alertstate: 'firing', ...matchers })} unless (${inhibited.map((each) => `(${each})`).join(' or ')}))`;
}

export function firingAlerts(context: DashboardContext) {
  const { identity } = context.slo.deployment;
  const columns = ['severity', 'alertname', 'service', ...identity, 'Value', 'dashboard'];
  const panel = tablePanel({
    title: 'Firing alerts',
    description:
      'Alerts that fire now and that no other alert inhibits, critical ones first, and since when: one incident is one row. Click an alert for its runbook, or a dashboard for the cause. If the table is empty, check the watchdog on the monitoring health dashboard: it must fire.',
    unit: 'none',
    noValue: 'no alert fires',
    queries: [tableQuery(withDashboards(context))],
    sortBy: [{ column: 'Severity', desc: false }],
  });
  keepColumns(panel, columns);
  orderColumns(panel, columns);
  return panel
    .overrideByName(
      'severity',
      overrides({
        name: 'Severity',
        width: 85,
        coloured: true,
        mappings: [valueMapping({ critical: ['CRITICAL', colours.bad], warning: ['WARNING', colours.warn] })],
      }),
    )
    .overrideByName(
      'alertname',
      overrides({
        name: 'Alert',
        links: [{ title: 'Runbook', url: `${context.links.runbooks}/\${__value.raw}.md` }],
      }),
    )
    .overrideByName('service', overrides({ name: 'Service', width: 100, noValue: '–' }))
    .overrideByName('Value', overrides({ name: 'Since', unit: 'dateTimeFromNow', width: 135 }))
    .overrideByName(
      'dashboard',
      overrides({
        name: 'Dashboard',
        width: 185,
        mappings: [valueMapping(Object.fromEntries(ids.map((id) => [dashboards[id], [dashboardTitles[id]]])))],
        links: [{ title: 'Dashboard', url: `/d/\${__value.raw}?\${__url_time_range}&\${__all_variables}` }],
        noValue: '–',
      }),
    );
}

const ids = Object.keys(dashboards) as DashboardId[];

/** Adds a label `dashboard`: for an SLO alert the dashboard that shows the cause, otherwise the one that the alert links to. */
function withDashboards(context: DashboardContext): string {
  const { slo } = context;
  // Without a base URL in slo.yaml, alerts have no link to a dashboard.
  const links = { runbooks: '', grafana: '/' };
  const causes = new Map(
    slo.objectives.flatMap(({ objective: { name, indicator } }) =>
      [name, `${name}_budget`].map(
        (sloName) => [alertName(sloName), dashboards[indicatorNames[indicator].dashboard]] as const,
      ),
    ),
  );
  const alerts = [...objectiveGroups(slo, indicators, links), ...operationGroups(slo, links)]
    .flatMap(({ rules }) => rules.filter(isAlert))
    .filter(({ labels }) => labels.severity !== 'none')
    .map(({ alert, annotations }) => ({
      alert,
      dashboard: causes.get(alert) ?? annotations.dashboard_url?.split('/').at(-1) ?? '',
    }));
  return [...Map.groupBy(alerts, ({ dashboard }) => dashboard)].reduce(
    (inner, [dashboard, group]) => {
      const names = [...new Set(group.map(({ alert }) => alert))].sort();
      return `label_replace(${inner}, "dashboard", "${dashboard}", "alertname", "${names.join('|')}")`;
    },
    `(ALERTS_FOR_STATE and ignoring (alertstate) ${alertsSent(context)}) * 1000`,
  );
}
