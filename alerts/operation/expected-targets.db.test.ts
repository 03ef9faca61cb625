/** Replicas that vanish, and the numbers of slo.yaml, in promtool. */
import { expect, test, vi } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { defaultLimits } from '../../services/slo/slo-file/default-limits.ts';
import { readSloFile } from '../../services/slo/slo-file/read-slo-file.ts';
import { noPromtool, runScenarios, type Scenario } from '../../test/kit/rules/rule-scenarios.ts';
import { jobObjectives, objectives } from '../../test/kit/slo/specification.ts';
import { operationGroups } from '../rules.ts';

vi.setConfig({ testTimeout: 180_000 });

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const up = (instance: string, job = 'rag-chat') => `up{job="${job}",instance="${instance}"}`;
const alert = 'RagTargetsVanished';
const play = (scenario: Scenario, expected = {}) =>
  runScenarios(
    operationGroups(slo, deploymentLinks, { expected }).filter(({ name }) => name === 'rag_targets'),
    [scenario],
  );

test.skipIf(noPromtool)('one replica of two that vanishes after a day fires for about an hour', () => {
  const scenario = {
    name: 'one of two',
    every: '5m',
    series: { [up('a')]: '1x400', [up('b')]: '1x288 stale' },
    checks: [
      { at: `${288 * 5}m`, alert, fires: [] },
      { at: `${291 * 5}m`, alert, fires: ['warning'] },
      { at: `${300 * 5}m`, alert, fires: ['warning'] },
      { at: `${320 * 5}m`, alert, fires: [] },
    ],
  } as const;
  expect(play(scenario)).toBe('');
});

test.skipIf(noPromtool)('autoscaling between two and three, and hourly deployments, do not fire', () => {
  const nights = Array.from({ length: 3 }, () => '1x191 _x96').join(' ');
  const dips = Array.from({ length: 30 }, () => '1x10 _').join(' ');
  const at = ['60h', '66h', '71h'];
  expect(
    play({
      name: 'fewer at night',
      every: '5m',
      series: { [up('a')]: '1x860', [up('b')]: '1x860', [up('c')]: nights },
      checks: at.map((moment) => ({ at: moment, alert, fires: [] })),
    }),
  ).toBe('');
  expect(
    play({
      name: 'a deployment an hour',
      every: '5m',
      series: { [up('a')]: '1x400', [up('b')]: dips },
      checks: ['20h', '25h', '27h'].map((moment) => ({ at: moment, alert, fires: [] })),
    }),
  ).toBe('');
});

test.skipIf(noPromtool)('fewer than slo.yaml expects fires for as long as it lasts', () => {
  const scenario = (fires: readonly string[]) => ({
    name: 'expected',
    every: '5m',
    series: { [up('a')]: '1x400', [up('w', 'rag-worker')]: '1x400' },
    checks: [{ at: '30h', alert, fires }],
  });
  expect(play(scenario(['warning']), { chat: 2, worker: 1 })).toBe('');
  expect(play(scenario([]), { chat: 1, worker: 1 })).toBe('');
});

test('slo.yaml states expected targets and a daily budget, and refuses what is none', () => {
  const file = (more: string) =>
    `version: 1\nobjectives: { relevance: { indicator: relevance, target: 0.7 } }\n${more}`;
  const read = readSloFile(file('expected: { chat: 2 }\nspend: { dailyBudget: ¥3000 }'), 'slo.yaml');
  expect([read.expected, read.spend]).toEqual([{ chat: 2 }, { dailyBudget: 3_000 }]);
  expect(readSloFile(file(''), 'slo.yaml').spend).toEqual({});
  expect(read.limits.spend).toEqual(defaultLimits.spend);
  expect(() => readSloFile(file('expected: { chat: 0 }'), 'slo.yaml')).toThrow(/expected/);
  expect(() => readSloFile(file('spend: { dailyBudget: much }'), 'slo.yaml')).toThrow(/yen/);
});
