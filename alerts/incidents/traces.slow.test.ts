/** Invented outages and harmless patterns against all rules in promtool: each outage fires in time, and no pattern fires anything. */
import { expect, test, vi } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { firingAlerts } from '../../test/kit/rules/firing-alerts.ts';
import { harmless } from '../../test/kit/rules/harmless-traces.ts';
import { outages } from '../../test/kit/rules/outages.ts';
import { noPromtool } from '../../test/kit/rules/rule-scenarios.ts';
import { jobObjectives, objectives } from '../../test/kit/slo/specification.ts';
import { objectiveGroups, operationGroups } from '../rules.ts';

vi.setConfig({ testTimeout: 300_000 });

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const groups = [...objectiveGroups(slo, indicators, deploymentLinks), ...operationGroups(slo, deploymentLinks)];

test.skipIf(noPromtool).each(outages)('$name: fires within $within minutes, and nothing before', (outage) => {
  const at = ['59m', `${60 + outage.within}m`];
  const found = firingAlerts(groups, { every: '1m', trace: outage.trace, at });
  const [before, then] = at.map((moment) => found.get(moment) ?? []);
  // Two deployments differ from the first minute on.
  const early = before?.filter(({ alertname }) => !/Missing$/.test(alertname ?? '')) ?? [];
  expect(early).toEqual([]);
  for (const [alertname, labels] of Object.entries(outage.fires)) {
    expect(then).toContainEqual(expect.objectContaining({ alertname, ...labels }));
  }
  if (outage.only) expect(Object.keys(outage.fires)).toEqual([...new Set(then?.map(({ alertname }) => alertname))]);
});

test.skipIf(noPromtool).each(Object.entries(harmless))('%s: nothing fires', (name, trace) => {
  // While nothing is scraped, nothing is evaluated either.
  const start = /^(a gap|Prometheus was down|a new installation)/.test(name) ? 45 : 5;
  const moments = Array.from({ length: 23 }, (_, index) => 5 + 5 * index).filter(
    (minute) => minute >= start && !(name.startsWith('a gap') && minute > 59 && minute < 83),
  );
  const found = firingAlerts(groups, { every: '1m', trace, at: moments.map((minute) => `${minute}m`) });
  for (const [moment, alerts] of found) expect(alerts, moment).toEqual([]);
});
