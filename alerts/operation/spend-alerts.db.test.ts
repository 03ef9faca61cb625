/** Spend compared with the installation's own past and its budget, in promtool. Two samples an hour: a window of an hour needs both in Prometheus 3. */
import { expect, test, vi } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { noPromtool, runScenarios, type Scenario } from '../../test/kit/rules/rule-scenarios.ts';
import { jobObjectives, objectives } from '../../test/kit/slo/specification.ts';
import { operationGroups } from '../rules.ts';

vi.setConfig({ testTimeout: 180_000 });

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const rulesFor = (dailyBudget?: number) =>
  operationGroups(slo, deploymentLinks, { dailyBudget }).filter(({ name }) => name.startsWith('rag_spend'));

const day = 24;
/** Yen an hour, for some hours each. */
const spending = (...parts: readonly (readonly [perHour: number, hours: number])[]) => {
  let at = 0;
  return parts
    .map(([perHour, hours]) => {
      const from = at;
      at += perHour * hours;
      return `${from}+${perHour / 2}x${2 * hours - 1}`;
    })
    .join(' ');
};
const scenario = (name: string, values: string, ...checks: readonly [hour: number, fires: readonly string[]][]) =>
  ({
    name,
    every: '30m',
    series: { 'rag_cost_jpy_total{service="rag-chat",model="m",kind="answer"}': values },
    checks: checks.map(([hour, fires]) => ({ at: `${hour}h`, alert: 'RagSpend', fires })),
  }) satisfies Scenario;

const smallDays: readonly [number, number][] = [[12.5, 15 * day]];
const both = ['critical', 'warning'];

test.skipIf(noPromtool)('a small installation that spends 130 times the usual is noticed within two hours', () => {
  expect(
    runScenarios(rulesFor(), [
      scenario('steady', spending([12.5, 20 * day]), [18 * day, []], [20 * day - 1, []]),
      scenario(
        'a runaway script',
        spending(...smallDays, [1_625, 12], [12.5, 24]),
        [15 * day, []],
        [15 * day + 2, ['warning']],
        [15 * day + 11, both],
        // It has ended, although the day's sum is still high.
        [15 * day + 15, []],
      ),
      // ¥1,000 more than usual matters nowhere.
      scenario('four times next to nothing', spending([2, 15 * day], [9, 12]), [15 * day + 11, []]),
    ]),
  ).toBe('');
});

test.skipIf(noPromtool)('weekly peaks, growth, and a first paid model do not fire', () => {
  const mondays = Array.from({ length: 5 }, (): [number, number][] => [
    [500, day],
    [0, 6 * day],
  ]).flat();
  const growth = Array.from({ length: 35 }, (_, index): [number, number] => [50 * 1.1 ** index, day]);
  expect(
    runScenarios(rulesFor(), [
      scenario('only on Mondays', spending(...mondays), [14 * day + 20, []], [21 * day + 20, []], [28 * day + 20, []]),
      scenario('a tenth more every day', spending(...growth), [20 * day, []], [34 * day, []]),
      scenario('a first paid model', spending([0, 15 * day], [500, 2 * day]), [16 * day, []]),
    ]),
  ).toBe('');
});

test.skipIf(noPromtool)('a new installation has only its budget', () => {
  const values = spending([200, 3 * day]);
  expect(runScenarios(rulesFor(), [scenario('no budget', values, [2 * day, []])])).toBe('');
  expect(runScenarios(rulesFor(5_000), [scenario('within the budget', values, [2 * day, []])])).toBe('');
  expect(runScenarios(rulesFor(4_000), [scenario('above it', values, [2 * day, ['warning']])])).toBe('');
  expect(runScenarios(rulesFor(3_000), [scenario('half more', values, [2 * day, both])])).toBe('');
});
