import { expect, test } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { objectives } from '../../services/slo/objectives.ts';
import { seededRandom } from '../faults/seeded-random.ts';
import { simulateAlarms } from './simulate-alerts.ts';

const slo = compileObjectives(objectives, { boundsOf: boundsOf(indicators) });
const play = (perDay: number, days: number) =>
  simulateAlarms(slo, { days, perDay, swing: 0.9, random: seededRandom(11).next });

test.each([
  [100, 300],
  [1_000, 100],
])(
  'at %d answers a day, all exactly at their promises, alarms are as rare as they may be',
  { timeout: 120_000 },
  (perDay, days) => {
    const { warning, critical } = play(perDay, days);
    expect(warning).toBeLessThanOrEqual(days * alertPolicy.falseAlerts.warning);
    expect(critical).toBeLessThanOrEqual(days * alertPolicy.falseAlerts.critical);
  },
);

test('the simulation can raise alarms: without guards the same chance raises them on most days', () => {
  const bare = {
    ...slo,
    objectives: slo.objectives.map((model) => ({
      ...model,
      thresholds: model.thresholds.map((alert) => ({
        ...alert,
        conditions: alert.conditions.map((condition) => ({
          ...condition,
          guard: { ...condition.guard, perRoot: 0, constant: 0 },
        })),
      })),
    })),
  };
  const { warning } = simulateAlarms(bare, { days: 20, perDay: 3_000, swing: 0, random: seededRandom(5).next });
  expect(warning).toBeGreaterThan(15);
});
