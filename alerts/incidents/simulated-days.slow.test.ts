/** Random days, evaluated by the real rules in promtool and by the simulation: both must agree. */
import { expect, test } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { seededRandom } from '../../test/faults/seeded-random.ts';
import { noPromtool, runScenarios, type Scenario } from '../../test/kit/rules/rule-scenarios.ts';
import { objectives } from '../../test/kit/slo/specification.ts';
import { alertsOf, type Count, conditionHolds } from '../../test/slo/alert-evaluator.ts';
import { objectiveGroups } from '../rules.ts';

const slo = compileObjectives(objectives, { boundsOf: boundsOf(indicators) });
const [model] = slo.objectives;
if (model === undefined) throw new Error('there is no objective');
const groups = objectiveGroups(slo, indicators, deploymentLinks).filter(({ name }) =>
  name.startsWith('slo_citation_rate'),
);

type Days = {
  readonly seed: number;
  readonly perDay: number;
  /** Share of answers without a citation. */
  readonly uncited: number;
  /** Minutes between samples. Windows shorter than two samples have no value, here and in promtool. */
  readonly step: number;
  readonly steps: number;
};

test.skipIf(noPromtool).for<Days>([
  { seed: 3, perDay: 100, uncited: 0.3, step: 15, steps: 300 },
  { seed: 11, perDay: 100, uncited: 0.62, step: 15, steps: 300 },
  { seed: 13, perDay: 1_000, uncited: 0.42, step: 15, steps: 300 },
  { seed: 17, perDay: 10_000, uncited: 0.375, step: 1, steps: 260 },
  { seed: 19, perDay: 10_000, uncited: 0.3, step: 1, steps: 260 },
])('seed $seed, $perDay answers a day, $uncited of them uncited: promtool and the simulation agree', (days) => {
  const { good, bad } = draw(days);
  const answers = (cited: boolean) => `rag_answers_total{outcome="answered",model="m",cited="${cited}"}`;
  const moments = Array.from({ length: 12 }, (_, index) => days.steps - 1 - index * 7);
  const clear = moments.filter((at) => isClear(days, good, bad, at));
  const scenario: Scenario = {
    name: `seed ${days.seed}`,
    every: `${days.step}m`,
    series: { [answers(true)]: good.join(' '), [answers(false)]: bad.join(' ') },
    checks: clear.map((at) => ({
      at: `${at * days.step}m`,
      alert: 'RagCitationRate',
      fires: severitiesAt(days, good, bad, at, 0),
    })),
  };
  expect(clear.length).toBeGreaterThan(2);
  expect(runScenarios(groups, [scenario])).toBe('');
});

function draw({ seed, perDay, uncited, step, steps }: Days) {
  const random = seededRandom(seed);
  const good: number[] = [];
  const bad: number[] = [];
  let [cited, without] = [0, 0];
  for (let at = 0; at < steps; at += 1) {
    good.push(cited);
    bad.push(without);
    for (let asked = random.between(0, Math.round((2 * perDay * step) / 1_440)); asked > 0; asked -= 1) {
      if (random.chance(uncited)) without += 1;
      else cited += 1;
    }
  }
  return { good, bad };
}

/** Whether 5% more or fewer bad events make no difference, now and during the alert's `for`. */
function isClear(days: Days, good: readonly number[], bad: readonly number[], at: number): boolean {
  const results = [0, 1, 2, 3].flatMap((back) =>
    [-0.05, 0, 0.05].map((tilt) => severitiesAt(days, good, bad, at - back, tilt).join()),
  );
  return new Set(results).size === 1;
}

function severitiesAt(
  { step }: Days,
  good: readonly number[],
  bad: readonly number[],
  at: number,
  tilt: number,
): readonly string[] {
  const gained = (of: readonly number[], seconds: number) => (of[at] ?? 0) - (of[at - seconds / 60 / step] ?? 0);
  const count = (seconds: number): Count => {
    const amount = gained(bad, seconds);
    return { events: gained(good, seconds) + amount, amount: amount * (1 + tilt) };
  };
  const own = model === undefined ? [] : alertsOf(model);
  return own
    .filter(({ conditions }) =>
      conditions.some(
        (condition) =>
          model &&
          condition.short.seconds >= 2 * step * 60 &&
          conditionHolds(
            slo,
            model,
            condition,
            count(condition.long.seconds),
            count(condition.short.seconds),
            // A window of fewer than two samples has no value.
            condition.recovery !== null && condition.recovery.seconds >= 2 * step * 60
              ? count(condition.recovery.seconds)
              : undefined,
          ),
      ),
    )
    .map(({ severity }) => severity)
    .sort();
}
