import { expect, test } from 'vitest';
import { jobObjectives, objectives } from '../../test/kit/slo/specification.ts';
import { boundsOf, indicators } from '../catalogue/indicators.ts';
import { compileObjectives, type Objectives } from './compile.ts';

const bounds = boundsOf(indicators);
const shipped = { ...objectives, ...jobObjectives };
const compile = (input: Objectives) => compileObjectives(input, { boundsOf: bounds });
const one = (input: Objectives) => compile(input).objectives[0];

test('a share of good events is compiled to a share of bad events: at least 70% cited is at most 30% uncited', () => {
  const model = one({ citationRate: objectives.citationRate });
  expect(model?.budget).toBe(0.3);
  expect(model?.thresholds.map(({ severity, threshold, badShare }) => [severity, threshold, badShare])).toEqual([
    ['warning', 0.65, 0.35],
    ['critical', 0.6, 0.4],
  ]);
  expect(model?.budgetAlert).toBeNull();
});

test('the guard of the one-hour citation warning matches the calculation by hand', () => {
  // One warning, four windows: 1 / 100 / 4 = 0.0025 of days each. An hour slides through a day of 24:
  // tail(u) × (1 + 24 u²) = 0.0025 at u = 4.3959, where the tail is 5.51e-6 and the factor 464.8 (tail × factor = 0.00256 at 4.39).
  const guard = one({ citationRate: { ...objectives.citationRate, critical: 0.5 } })?.thresholds[0]?.conditions[0]
    ?.guard;
  // One answer: uncited with 0.3, deviation √(0.3 × 0.7) = 0.45826, skewness × deviation = 1 - 2 × 0.3 = 0.4.
  expect(guard?.perEvent).toBe(0.3);
  expect(guard?.perRoot).toBeCloseTo(4.395 * 0.45826, 2);
  expect(guard?.constant).toBeCloseTo(((4.395 ** 2 - 1) / 6) * 0.4, 2);
  // √n = (2.014 + √(2.014² + 4 × 0.05 × 1.221)) / (2 × 0.05) = 40.88, so n = 1,671.
  expect(guard?.sufficientEvents).toBeGreaterThan(1_660);
  expect(guard?.sufficientEvents).toBeLessThan(1_682);
});

test('a quantile is compiled to counts of answers beyond each bound, with guards for answers at the target', () => {
  const model = one({ latencyP95: objectives.latencyP95 });
  expect(model?.budget).toBe(0.05);
  expect(model?.bounds).toEqual([3, 3.5, 5]);
  expect(model?.thresholds.map(({ badShare }) => badShare)).toEqual([0.05, 0.05]);
  // The slowest 5% start at 1.6449 deviations, at 3 s. 3.5 s is ln(3.5 / 3) / 0.42 = 0.3670 further: 2.0119, with 2.212% beyond.
  expect(model?.thresholds[0]?.conditions[0]?.guard.perEvent).toBeCloseTo(0.02212, 5);
  // 5 s: 1.6449 + ln(5 / 3) / 0.42 = 2.8612, with 0.211% beyond.
  expect(model?.thresholds[1]?.conditions[0]?.guard.perEvent).toBeCloseTo(0.00211, 5);
});

test('a mean is compiled to its sum, with deviation and skew from its spread', () => {
  const model = one({ costPerAnswer: { ...objectives.costPerAnswer, spread: 0.5 } });
  expect(model?.budget).toBeNull();
  const [warning] = model?.thresholds ?? [];
  const guard = warning?.conditions[0]?.guard;
  // One warning among one: u as for citations; deviation 3 × 0.5 = 1.5, skewness 2 × 0.5 = 1.
  expect(guard?.perEvent).toBe(3);
  expect(guard?.perRoot).toBeCloseTo(4.395 * 1.5, 1);
  expect(guard?.constant).toBeCloseTo(((4.395 ** 2 - 1) / 6) * 1.5, 1);
});

test('budget alerts fire at burn rates of 14.4, 6, 3 and 1: 2% of a month in an hour, 5% in six hours, 10% in a day, 10% in three days', () => {
  const model = one({ errorRate: objectives.errorRate });
  expect(model?.budgetAlert?.conditions.map(({ long, short, factor }) => [long.name, short.name, factor])).toEqual([
    ['1h', '5m', 14.4],
    ['6h', '30m', 6],
    ['1d', '2h', 3],
    ['3d', '6h', 1],
  ]);
});

test('a job is overdue after one missed run, and critically overdue after two', () => {
  // 24 + 2 and 48 + 2 hours.
  expect(compile(jobObjectives).jobs[0]?.lateAfter).toEqual({ warning: 93_600, critical: 180_000 });
});

test('with more alerts, each gets a smaller share of the accepted false alerts and a wider guard', () => {
  const alone =
    one({ citationRate: objectives.citationRate })?.thresholds[0]?.conditions[0]?.guard.sufficientEvents ?? 0;
  const shared = compile(shipped).objectives[0]?.thresholds[0]?.conditions[0]?.guard.sufficientEvents ?? 0;
  expect(shared).toBeGreaterThan(alone);
});

test('a scale shortens every duration and leaves counts and names unchanged', () => {
  const scaled = compileObjectives(shipped, { boundsOf: bounds, scale: 1 / 60 });
  const whole = compile(shipped);
  expect(scaled.windows.map(({ name, seconds }) => [name, seconds])).toEqual(
    whole.windows.map(({ name, seconds }) => [name, seconds / 60]),
  );
  expect([scaled.for, scaled.keepFiringFor, scaled.interval]).toEqual([1, 5, 0.5]);
  expect(scaled.jobs[0]?.lateAfter.warning).toBe(1_560);
  expect(scaled.objectives[0]?.thresholds[0]?.conditions.map(({ guard }) => guard)).toEqual(
    whole.objectives[0]?.thresholds[0]?.conditions.map(({ guard }) => guard),
  );
});

const { citationRate, latencyP95, costPerAnswer, errorRate } = objectives;
const { batchJob } = jobObjectives;
test.each<[string, Objectives, string]>([
  [
    'a budget alert that cannot fire',
    { citationRate: { ...citationRate, budgetAlert: true } },
    'citation_rate: the budget alert over 1h cannot fire: 14.4 × 0.3 = 4.32 exceeds 1, the largest possible share of bad events (the largest burn rate is 1 / 0.3 = 3.33)',
  ],
  [
    'a threshold without a bucket bound',
    { latencyP95: { ...latencyP95, warning: 3.7 } },
    'latency_p95: 3.7 is not a bucket bound of the histogram, so answers beyond it cannot be counted (nearest bounds: 3.5 and 4)',
  ],
  [
    'two objectives with one name',
    { citationRate, again: { ...errorRate, name: 'citation_rate' } },
    'citation_rate: the name is used by 2 objectives',
  ],
  [
    'a warning beyond its critical',
    { citationRate: { ...citationRate, warning: 0.55 } },
    'citation_rate: critical 0.6 must be below warning 0.55',
  ],
  [
    'a warning at its target',
    { costPerAnswer: { ...costPerAnswer, warning: 3 } },
    'cost_per_answer: warning 3 must be above target 3',
  ],
  [
    'a ratio of 1',
    { errorRate: { ...errorRate, critical: 1 } },
    'error_rate: critical is 1, but a ratio must be between 0 and 1: such an alert never fires or never resolves',
  ],
  [
    'an alert without a spread',
    { latencyP95: { ...latencyP95, spread: 0 } },
    'latency_p95: alerts need a spread above 0 to distinguish a breach from random variation',
  ],
  [
    'a job whose warning equals its critical threshold',
    { batchJob: { ...batchJob, warning: 2 } },
    'batch_job: critical 2 must be above warning 2',
  ],
  ['an empty set of objectives', {}, 'no objective is defined, so there would be no rule'],
])('the compiler rejects %s and shows the arithmetic', (_, input, message) => {
  expect(() => compile(input)).toThrow(message);
});

test('one error lists all problems', () => {
  const input = { errorRate: { ...errorRate, warning: 2 }, batchJob: { ...batchJob, everyHours: 0 } };
  expect(() => compile(input)).toThrow(/error_rate: warning is 2[\s\S]*batch_job: everyHours 0/);
});
