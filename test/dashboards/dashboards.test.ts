/** Static checks of the dashboards: schema, lint rules, metric names and thresholds. */
import { expect, test } from 'vitest';
import { allDashboards } from '../../dashboards/all-dashboards.ts';
import { defaultContext } from '../../dashboards/context.ts';
import { dashboards, dashboardTitles } from '../../services/catalogue/links.ts';
import type { Metric } from '../../services/catalogue/metric.ts';
import { metrics } from '../../services/catalogue/metrics.ts';
import { selectorsIn } from '../kit/rules/promql-names.ts';
import { type DashboardJson, promqlIn } from './dashboard-json.ts';
import { findFaults, ruleExpressions } from './find-faults.ts';
import { rules } from './lint-dashboard.ts';
import { exclusions, lintRulesLeftOut } from './lint-exclusions.ts';

const all = allDashboards(defaultContext()).map((dashboard) => dashboard as unknown as DashboardJson);

test.each(all.map((dashboard) => [dashboard.title, dashboard] as const))(
  '%s matches the schema, passes the lint rules, and uses only exposed metrics',
  (_, dashboard) => {
    expect(findFaults(dashboard)).toEqual([]);
  },
);

test('every lint exclusion is still needed', () => {
  const found = all.flatMap((dashboard) =>
    Object.entries(rules).flatMap(([name, rule]) => rule(dashboard).map((each) => [name, each] as const)),
  );
  const unused = Object.entries(exclusions).flatMap(([name, list]) =>
    list
      .filter(({ what }) => !found.some(([rule, text]) => rule === name && text.includes(what)))
      .map(({ what }) => `${name}: ${what}`),
  );
  expect(unused).toEqual([]);
  for (const reason of Object.values(lintRulesLeftOut)) expect(reason).toMatch(/\.$/);
});

test('every dashboard that alerts link to exists, with the title that runbooks use', () => {
  const wanted = Object.entries(dashboards).map(([id, uid]) => [uid, dashboardTitles[id as keyof typeof dashboards]]);
  expect(all.map(({ uid, title }) => [uid, title]).toSorted()).toEqual(wanted.toSorted());
});

test('every metric of this service is used by a dashboard or a rule', () => {
  const used = new Set(
    [...all.flatMap((dashboard) => promqlIn(dashboard).map(({ expr }) => expr)), ...ruleExpressions]
      .flatMap((expr) => selectorsIn(expr.replaceAll(/\$__\w+/g, '5m')))
      .flatMap(({ names }) => names)
      .map((name) => name.replace(/_(bucket|sum|count)$/, '')),
  );
  const ours: readonly Metric[] = Object.values(metrics);
  expect(
    ours.map(({ name }) => name).filter((name) => !used.has(name) && !used.has(name.replace(/_count$/, ''))),
  ).toEqual([]);
});
