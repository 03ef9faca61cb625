/** A new promise of each kind, with numbers of its own, compiled and held against figures worked out on paper. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { boundsOf, type Indicators } from '../services/catalogue/indicators.ts';
import type { Metric } from '../services/catalogue/metric.ts';
import { compileObjectives, type Promises } from '../services/slo/compile.ts';
import { noPromtool, playScenarios } from '../test/kit/rule-scenarios.ts';
import { localLinks } from './links.ts';
import { outputs } from './outputs.ts';
import type { Rule, RuleGroup } from './rule.ts';

const metric = (name: string, kind: Metric['kind'], bounds?: readonly number[]): Metric => ({
  name,
  kind,
  unit: '',
  help: 'Made up.',
  labels: {},
  ...(bounds !== undefined && { bounds }),
});
const asked = metric('asked_total', 'counter');

/** Every figure here is another than the house's. */
const promises = {
  refused: {
    kind: 'ratio',
    name: 'refused',
    title: 'Refused questions',
    unit: 'ratio',
    direction: 'atMost',
    promise: 0.02,
    warning: 0.04,
    critical: 0.1,
    budgetAlert: true,
    action: 'Look at who is refused',
  },
  wait: {
    kind: 'quantile',
    name: 'wait_p99',
    title: 'Wait P99',
    quantile: 0.99,
    unit: 'seconds',
    direction: 'atMost',
    promise: 8,
    warning: 10,
    critical: 20,
    spread: 0.5,
    action: 'Look at the queue',
  },
  grade: {
    kind: 'mean',
    name: 'grade',
    title: 'Grade',
    unit: 'score',
    direction: 'atLeast',
    promise: 0.8,
    warning: 0.75,
    critical: 0.6,
    spread: 0.3,
    action: 'Look at what is graded',
  },
  sync: {
    kind: 'job',
    name: 'sync',
    title: 'Sync',
    everyHours: 6,
    graceHours: 0.5,
    warning: 3,
    critical: 5,
    action: 'Look at the source',
  },
} as const satisfies Promises;

const indicators: Indicators = {
  refused: { kind: 'ratio', events: { metric: asked }, bad: { metric: asked, labels: { end: 'refused' } } },
  wait: { kind: 'quantile', histogram: metric('wait_seconds', 'histogram', [4, 8, 10, 20]) },
  grade: {
    kind: 'mean',
    sum: { metric: metric('grade', 'histogram', [0.5]), part: 'sum' },
    events: { metric: metric('grade', 'histogram', [0.5]), part: 'count' },
  },
  sync: {
    kind: 'job',
    failures: metric('sync_failures', 'gauge'),
    lastSuccess: metric('sync_last_success_seconds', 'gauge'),
  },
};

const compileAlone = (key: keyof typeof promises) =>
  compileObjectives({ [key]: promises[key] }, { boundsOf: boundsOf(indicators) });
// A house with nothing but a job has no steps to show.
const compileFor = (key: keyof typeof promises) =>
  key === 'sync'
    ? compileObjectives({ refused: promises.refused, sync: promises.sync }, { boundsOf: boundsOf(indicators) })
    : compileAlone(key);
const filesOf = (key: keyof typeof promises) => outputs({ slo: compileFor(key), indicators, links: localLinks });
const groupOf = (key: keyof typeof promises) =>
  (parse(filesOf(key)[0]?.text ?? '') as { groups: RuleGroup[] }).groups.find(
    ({ name }) => name === `slo_${promises[key].name}`,
  );
const exprOf = (key: keyof typeof promises, named: (rule: Rule) => boolean) => groupOf(key)?.rules.find(named)?.expr;
const alertOf = (alert: string, severity: string) => (rule: Rule) =>
  'alert' in rule && rule.alert === alert && rule.labels.severity === severity;

test('a ratio: 2 % refused, told above 4 %, woken above 10 %', () => {
  const [model] = compileAlone('refused').objectives;
  expect(model?.budget).toBe(0.02);
  // √(0.02 × 0.98) = 0.14; the skew times that is 1 - 2 × 0.02 = 0.96. Warnings: a threshold and a budget, so each has
  // 0.01 ÷ 2 of days, over four windows 0.00125: tail(u) × (1 + 24 u²) is that at u = 4.5653.
  const [hour] = model?.thresholds[0]?.rungs ?? [];
  expect(hour?.guard).toEqual({ perEvent: 0.02, perRoot: 0.6391, constant: 3.175, fewestEvents: 1_320 });
  // Over three days a window hardly slides: u = 3.4831.
  expect(model?.thresholds[0]?.rungs[3]?.guard).toMatchObject({ perRoot: 0.4876, constant: 1.781, fewestEvents: 763 });
  // One critical alone: 0.001 ÷ 4 = 0.00025, u = 4.9215.
  expect(model?.thresholds[1]?.rungs[0]?.guard).toMatchObject({ perRoot: 0.689, constant: 3.715, fewestEvents: 153 });
  // A budget of 2 % can be spent 50 times too fast, so all three paces are watched; each has 0.005 ÷ 3.
  expect(model?.budgetAlert?.rungs.map(({ factor, guard }) => [factor, guard.perRoot, guard.constant])).toEqual([
    [14.4, 0.6298, 3.078],
    [6, 0.5679, 2.472],
    [3, 0.5159, 2.013],
  ]);
  const expr = exprOf('refused', alertOf('RagRefused', 'warning'));
  expect(expr).toContain('slo:value:1h{slo="refused"} > 0.04');
  expect(expr).toContain(
    'slo:bad_events:increase1h{slo="refused"} > on(slo) 0.02 * slo:events:increase1h{slo="refused"} + 0.6391 * sqrt(slo:events:increase1h{slo="refused"}) + 3.175',
  );
});

test('a quantile: P99 of 8 s, told above 10 s, woken above 20 s', () => {
  const [model] = compileAlone('wait').objectives;
  expect([model?.budget, model?.bounds]).toEqual([0.01, [8, 10, 20]]);
  // 1 % lie 2.3263 deviations up. 10 s is ln(10 / 8) ÷ 0.5 = 0.4463 further: 2.7726, beyond which lie 0.2780 %; 20 s is
  // 1.8326 further: 0.0016 %.
  const [warning, critical] = model?.thresholds ?? [];
  expect(warning?.badShare).toBe(0.01);
  expect(warning?.rungs[0]?.guard).toMatchObject({ perEvent: 0.00278, perRoot: 0.2318, constant: 3.046 });
  expect(critical?.rungs[0]?.guard.perEvent).toBeCloseTo(1.599e-5, 8);
  expect(model?.budgetAlert).toBeNull();
  const within = exprOf('wait', (rule) => 'record' in rule && rule.labels?.beyond === '10');
  expect(within).toContain(
    'clamp_min(slo:events:increase5m{slo="wait_p99"} - on() sum(increase(wait_seconds_bucket{le=~"10(\\\\.0)?"}[5m])), 0)',
  );
});

test('a mean that is to be at least something: told below 0.75, woken below 0.6', () => {
  const [model] = compileAlone('grade').objectives;
  // Deviation 0.8 × 0.3 = 0.24; 0.01 ÷ 4: u = 4.4019; downwards nothing is added for the skew.
  expect(model?.thresholds[0]?.rungs[0]?.guard).toEqual({
    perEvent: 0.8,
    perRoot: 1.056,
    constant: 0,
    // (1.056 ÷ 0.05)² = 446.05
    fewestEvents: 447,
  });
  const expr = exprOf('grade', alertOf('RagGrade', 'critical'));
  expect(expr).toContain('slo:value:1h{slo="grade"} < 0.6');
  expect(expr).toMatch(
    /slo:sum:increase1h\{slo="grade"\} < 0\.8 \* slo:events:increase1h\{slo="grade"\} - 1\.\d+ \* sqrt/,
  );
});

test('a job of every six hours: told at 3 failures or after 6.5 hours, woken at 5 or after 12.5', () => {
  expect(compileAlone('sync').jobs[0]?.lateAfter).toEqual({ warning: 23_400, critical: 45_000 });
  expect(exprOf('sync', alertOf('RagSync', 'warning'))).toBe('max(sync_failures) >= 3');
  expect(exprOf('sync', alertOf('RagSyncLate', 'critical'))).toBe('time() - max(sync_last_success_seconds) > 45000');
});

test('the same numbers reach the steps of dashboards, the index of runbooks and the heads of their pages', () => {
  const file = (key: keyof typeof promises, end: string) => filesOf(key).find(({ path }) => path.endsWith(end))?.text;
  expect(JSON.parse(file('grade', 'thresholds.json') ?? '').grade.steps).toEqual([
    { from: null, standing: 'critical' },
    { from: 0.6, standing: 'warning' },
    { from: 0.75, standing: 'missed' },
    { from: 0.8, standing: 'kept' },
  ]);
  expect(file('refused', 'runbooks/README.md')).toContain('| Refused questions | ≤ 2 % | > 4 % | > 10 % |');
  expect(file('sync', 'runbooks/README.md')).toContain('| Sync | every 6 h | 3 failed | 5 failed in a row |');
  expect(file('wait', 'RagWaitP99.md')).toContain('above 10 s');
});

test.skipIf(noPromtool)('in promtool the new promises fire beyond their thresholds and are quiet within', () => {
  const play = (key: keyof typeof promises, ...scenarios: Parameters<typeof playScenarios>[1]) =>
    playScenarios(
      [groupOf(key)].filter((group) => group !== undefined),
      scenarios,
    );
  const refused = (name: string, share: number, fires: string[]) => ({
    name,
    every: '1m',
    series: { 'asked_total{end="answered"}': `0+${1000 - share}x90`, 'asked_total{end="refused"}': `0+${share}x90` },
    checks: [{ at: '85m', alert: 'RagRefused', fires }],
  });
  expect(
    play(
      'refused',
      refused('3.9 %', 39, []),
      refused('4.5 %', 45, ['warning']),
      refused('11 %', 110, ['critical', 'warning']),
    ),
  ).toBe('');
  const graded = (name: string, mean: number, fires: string[]) => ({
    name,
    every: '1m',
    series: { grade_sum: `0+${mean * 100}x90`, grade_count: '0+100x90' },
    checks: [{ at: '85m', alert: 'RagGrade', fires }],
  });
  expect(
    play(
      'grade',
      graded('0.76', 0.76, []),
      graded('0.74', 0.74, ['warning']),
      graded('0.5', 0.5, ['critical', 'warning']),
    ),
  ).toBe('');
});
