/** All static checks of a dashboard: schema, lint rules, metric names and thresholds. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isAlert, type RuleGroup } from '../../alerts/rule.ts';
import { statusColours } from '../../dashboards/theme.ts';
import { dashboards } from '../../services/catalogue/links.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { thresholdSteps } from '../../services/slo/threshold-steps.ts';
import { unknownNames } from '../kit/rules/promql-names.ts';
import { type DashboardJson, promqlIn, type Step, visiblePanels } from './dashboard-json.ts';
import { dashboardSchema } from './dashboard-schema.ts';
import { lint } from './lint-dashboard.ts';
import { exclusions } from './lint-exclusions.ts';

const groups = ['slo', 'operation'].flatMap(
  (name) => (parse(readFileSync(`alerts/generated/${name}-rules.yml`, 'utf8')) as { groups: RuleGroup[] }).groups,
);
/** The expressions of all recording and alerting rules. */
export const ruleExpressions = groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
const recorded = new Set(groups.flatMap(({ rules }) => rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record]))));
const schemaFaults = dashboardSchema();

export function findFaults(dashboard: DashboardJson): readonly string[] {
  const faults = schemaFaults(dashboard);
  return faults.length > 0
    ? faults.map((fault) => `schema: ${fault}`)
    : [...lint(dashboard, exclusions), ...nameFaults(dashboard), ...thresholdFaults(dashboard)];
}

/** Metrics, labels and label values that no program exposes. */
function nameFaults(dashboard: DashboardJson): readonly string[] {
  return promqlIn(dashboard).flatMap(({ where, expr }) =>
    unknownNames(expr.replaceAll(/\$__\w+/g, '5m').replaceAll(/\$\{?\w+\}?/g, '.*'), recorded).map(
      (name) => `names: ${where}: ${name}`,
    ),
  );
}

/** The SLO dashboard must colour each objective by the same steps as its alerts. */
function thresholdFaults(dashboard: DashboardJson): readonly string[] {
  if (dashboard.uid !== dashboards.slo) return [];
  const compiled = Object.values(objectives).map((objective) => [objective.name, thresholdSteps(objective)] as const);
  const seen = new Set(
    visiblePanels(dashboard)
      .flatMap(({ fieldConfig }) => [
        fieldConfig?.defaults.thresholds?.steps,
        ...(fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
          properties.filter(({ id }) => id === 'thresholds').map(({ value }) => (value as { steps: Step[] }).steps),
        ),
      ])
      .map((steps) => JSON.stringify(steps)),
  );
  return compiled
    .filter(([, steps]) => {
      const wanted = steps.map(({ from, status }) => ({ value: from, color: statusColours[status] }));
      return !seen.has(JSON.stringify(wanted));
    })
    .map(([name]) => `thresholds: no panel shows the steps of ${name}`);
}
