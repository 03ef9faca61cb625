import { expect, test } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { alertPolicy } from '../../services/slo/alert-policy.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { seededRandom } from '../faults/seeded-random.ts';
import { objectives } from '../kit/slo/specification.ts';
import { simulateAlerts } from './simulate-alerts.ts';

const slo = compileObjectives(objectives, { boundsOf: boundsOf(indicators) });
const simulate = (perDay: number, days: number) =>
  simulateAlerts(slo, { days, perDay, swing: 0.9, random: seededRandom(11).next });

test.each([
  [100, 300],
  [1_000, 100],
])(
  'at %d answers a day, all exactly at their targets, false alerts stay within the policy',
  { timeout: 120_000 },
  (perDay, days) => {
    const { warning, critical } = simulate(perDay, days);
    expect(warning).toBeLessThanOrEqual(days * alertPolicy.falseAlerts.warning);
    expect(critical).toBeLessThanOrEqual(days * alertPolicy.falseAlerts.critical);
  },
);

test('without guards, random variation fires alerts on most simulated days', () => {
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
  const { warning } = simulateAlerts(bare, { days: 20, perDay: 3_000, swing: 0, random: seededRandom(5).next });
  expect(warning).toBeGreaterThan(15);
});
