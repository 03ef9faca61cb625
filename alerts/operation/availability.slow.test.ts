/** Outages that only the HTTP interface sees raise the availability alert, in promtool. One sample per minute. */
import { expect, test, vi } from 'vitest';
import { measuredBy } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { noPromtool, runScenarios } from '../../test/kit/rules/rule-scenarios.ts';
import { objectives } from '../../test/kit/slo/specification.ts';
import { objectiveGroups } from '../rules.ts';

vi.setConfig({ testTimeout: 300_000 });

const { availability } = objectives;
const slo = compileObjectives({ availability }, { boundsOf: () => [] });
const groups = objectiveGroups(slo, { availability: measuredBy.availability }, deploymentLinks);
const asked = (end: string) => `rag_questions_total{end="${end}",instance="a"}`;
const critical = ['critical', 'warning'];
const check = (at: string, fires: readonly string[], alert = 'RagAvailability') => ({ at, alert, fires });

test.skipIf(noPromtool)('a sign-in outage and a model that hangs page within minutes', () => {
  const outage = (name: string, end: string) => ({
    name,
    every: '1m',
    series: { [asked('served')]: '0+10x60 600x30', [asked(end)]: '0x60 0+10x30' },
    checks: [check('59m', []), check('68m', critical)],
  });
  expect(runScenarios(groups, [outage('identity provider', 'failed'), outage('model hangs', 'gave_up')])).toBe('');
});

test.skipIf(noPromtool)('refused questions, clients that leave and no traffic do not fire', () => {
  const without = (name: string, end: string) => ({
    name,
    every: '1m',
    series: { [asked('served')]: '0+1x90', [asked(end)]: '0+50x90' },
    checks: [check('85m', [])],
  });
  const quiet = { name: 'no traffic', every: '1m', series: { [asked('served')]: '7x90' }, checks: [check('85m', [])] };
  expect(runScenarios(groups, [without('refused', 'refused'), without('left', 'left'), quiet])).toBe('');
});

test.skipIf(noPromtool)(
  'a small constant loss uses the budget within three days, and an old outage exhausts it',
  () => {
    const hourly = (name: string, served: string, failed: string, checks: ReturnType<typeof check>[]) => ({
      name,
      // A window of five minutes holds two samples in Prometheus 3 as well, which leaves its left end out.
      every: '4m',
      series: { [asked('served')]: served, [asked('failed')]: failed },
      checks,
    });
    const budget = 'RagAvailabilityBudget';
    const exhausted = 'RagAvailabilityBudgetExhausted';
    expect(
      runScenarios(groups, [
        // 0.9% of the questions: below every threshold, above the budget of 0.5%.
        hourly('0.9%', '0+991x1500', '0+9x1500', [check('96h', []), check('96h', ['warning'], budget)]),
        hourly('0.4%', '0+996x1500', '0+4x1500', [check('96h', [], budget), check('96h', [], exhausted)]),
        // Four hours of outage in a week are 2.4%, and nothing fails afterwards.
        hourly('an old outage', '0+1000x625 625000x60 626000+1000x1900', '0x625 0+1000x60 60000x1900', [
          check('168h', [], budget),
          check('168h', ['warning'], exhausted),
        ]),
      ]),
    ).toBe('');
  },
);
