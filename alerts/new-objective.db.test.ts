/** A new objective of each kind, compiled and compared with numbers calculated by hand. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { boundsOf, type Indicators } from '../services/catalogue/indicators.ts';
import { deploymentLinks } from '../services/catalogue/links.ts';
import type { Metric } from '../services/catalogue/metric.ts';
import { compileObjectives, type Objectives } from '../services/slo/compile.ts';
import { thresholdSteps } from '../services/slo/threshold-steps.ts';
import { noPromtool, runScenarios } from '../test/kit/rules/rule-scenarios.ts';
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

/** No number here occurs in the shipped objectives. */
const objectives = {
  refused: {
    kind: 'ratio',
    name: 'refused',
    indicator: 'rejected_rate',
    title: 'Refused questions',
    unit: 'ratio',
    direction: 'atMost',
    target: 0.02,
    warning: 0.04,
    critical: 0.1,
    budgetAlert: true,
    action: 'Look at who is refused',
  },
  wait: {
    kind: 'quantile',
    name: 'wait_p99',
    indicator: 'latency',
    title: 'Wait P99',
    quantile: 0.99,
    unit: 'seconds',
    direction: 'atMost',
    target: 8,
    warning: 10,
    critical: 20,
    spread: 0.5,
    action: 'Look at the queue',
  },
  grade: {
    kind: 'mean',
    name: 'grade',
    indicator: 'relevance',
    title: 'Grade',
    unit: 'score',
    direction: 'atLeast',
    target: 0.8,
    warning: 0.75,
    critical: 0.6,
    spread: 0.3,
    action: 'Look at what is graded',
  },
  sync: {
    kind: 'job',
    name: 'sync',
    indicator: 'rollup',
    title: 'Sync',
    everyHours: 6,
    graceHours: 0.5,
    warning: 3,
    critical: 5,
    action: 'Look at the source',
  },
} as const satisfies Objectives;

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

const compileAlone = (key: keyof typeof objectives) =>
  compileObjectives({ [key]: objectives[key] }, { boundsOf: boundsOf(indicators) });
// A rule file needs at least one objective that is not a job.
const compileFor = (key: keyof typeof objectives) =>
  key === 'sync'
    ? compileObjectives({ refused: objectives.refused, sync: objectives.sync }, { boundsOf: boundsOf(indicators) })
    : compileAlone(key);
const filesOf = (key: keyof typeof objectives) => outputs({ slo: compileFor(key), indicators, links: deploymentLinks });
const groupOf = (key: keyof typeof objectives) =>
  (parse(filesOf(key)[0]?.text ?? '') as { groups: RuleGroup[] }).groups.find(
    ({ name }) => name === `slo_${objectives[key].name}`,
  );
const exprOf = (key: keyof typeof objectives, named: (rule: Rule) => boolean) => groupOf(key)?.rules.find(named)?.expr;
const alertOf = (alert: string, severity: string) => (rule: Rule) =>
  'alert' in rule && rule.alert === alert && rule.labels.severity === severity;

test('a ratio with a target of 2% warns above 4% and is critical above 10%', () => {
  const [model] = compileAlone('refused').objectives;
  expect(model?.budget).toBe(0.02);
  // √(0.02 × 0.98) = 0.14, skewness × deviation = 1 - 2 × 0.02 = 0.96. Two warnings (threshold and budget) get 0.01 ÷ 2 of
  // days each, and each of four windows 0.00125: tail(u) × (1 + 24 u²) = 0.00125 at u = 4.5653.
  const [hour] = model?.thresholds[0]?.conditions ?? [];
  expect(hour?.guard).toEqual({ perEvent: 0.02, perRoot: 0.6391, constant: 3.175, sufficientEvents: 1_320 });
  // A three-day window hardly slides: u = 3.4831.
  expect(model?.thresholds[0]?.conditions[3]?.guard).toMatchObject({
    perRoot: 0.4876,
    constant: 1.781,
    sufficientEvents: 763,
  });
  // One critical alert: 0.001 ÷ 4 = 0.00025, u = 4.9215.
  expect(model?.thresholds[1]?.conditions[0]?.guard).toMatchObject({
    perRoot: 0.689,
    constant: 3.715,
    sufficientEvents: 153,
  });
  // A budget of 2% allows burn rates up to 50, so all four window pairs are used, each with 0.005 ÷ 4.
  expect(model?.budgetAlert?.conditions.map(({ factor, guard }) => [factor, guard.perRoot, guard.constant])).toEqual([
    [14.4, 0.6391, 3.175],
    [6, 0.5784, 2.571],
    [3, 0.5275, 2.112],
    [1, 0.4876, 1.781],
  ]);
  const expr = exprOf('refused', alertOf('RagRefused', 'warning'));
  expect(expr).toContain('slo:value:1h{slo="refused"} > 0.04');
  expect(expr).toContain(
    'slo:bad_events:increase1h{slo="refused"} > on (slo, service, env, cluster, namespace) 0.02 * slo:events:increase1h{slo="refused"} + 0.6391 * sqrt(slo:events:increase1h{slo="refused"}) + 3.175',
  );
});

test('a P99 with a target of 8 s warns above 10 s and is critical above 20 s', () => {
  const [model] = compileAlone('wait').objectives;
  expect([model?.budget, model?.bounds]).toEqual([0.01, [8, 10, 20]]);
  // The slowest 1% start at 2.3263 deviations. 10 s is ln(10 / 8) ÷ 0.5 = 0.4463 further: 2.7726, with 0.2780% beyond. 20 s is
  // 1.8326 further, with 0.0016% beyond.
  const [warning, critical] = model?.thresholds ?? [];
  expect(warning?.badShare).toBe(0.01);
  expect(warning?.conditions[0]?.guard).toMatchObject({ perEvent: 0.00278, perRoot: 0.2318, constant: 3.046 });
  expect(critical?.conditions[0]?.guard.perEvent).toBeCloseTo(1.599e-5, 8);
  expect(model?.budgetAlert).toBeNull();
  const within = exprOf('wait', (rule) => 'record' in rule && rule.labels?.beyond === '10');
  expect(within).toContain(
    'clamp_min(slo:events:increase5m{slo="wait_p99"} - on (service, env, cluster, namespace) sum by (service, env, cluster, namespace) (max without (prometheus_replica, replica) (increase(wait_seconds_bucket{le=~"10(\\\\.0)?"}[5m]))), 0)',
  );
});

test('a mean with a target of at least 0.8 warns below 0.75 and is critical below 0.6', () => {
  const [model] = compileAlone('grade').objectives;
  // Deviation 0.8 × 0.3 = 0.24; 0.01 ÷ 4: u = 4.4019; no skew correction downwards.
  expect(model?.thresholds[0]?.conditions[0]?.guard).toEqual({
    perEvent: 0.8,
    perRoot: 1.056,
    constant: 0,
    // (1.056 ÷ 0.05)² = 446.05
    sufficientEvents: 447,
  });
  const expr = exprOf('grade', alertOf('RagGrade', 'critical'));
  expect(expr).toContain('slo:value:1h{slo="grade"} < 0.6');
  expect(expr).toMatch(
    /slo:sum:increase1h\{slo="grade"\} < 0\.8 \* slo:events:increase1h\{slo="grade"\} - 1\.\d+ \* sqrt/,
  );
});

test('a job due every six hours warns after 3 failures or 6.5 hours and is critical after 5 failures or 12.5 hours', () => {
  expect(compileAlone('sync').jobs[0]?.lateAfter).toEqual({ warning: 23_400, critical: 45_000 });
  expect(exprOf('sync', alertOf('RagSync', 'warning'))).toBe('max by (env, cluster, namespace) (sync_failures) >= 3');
  expect(exprOf('sync', alertOf('RagSyncLate', 'critical'))).toBe(
    'time() - max by (env, cluster, namespace) (sync_last_success_seconds) > 45000',
  );
});

test('dashboard steps, the runbook index and runbook heads show the same numbers', () => {
  const file = (key: keyof typeof objectives, end: string) => filesOf(key).find(({ path }) => path.endsWith(end))?.text;
  expect(thresholdSteps(objectives.grade)).toEqual([
    { from: null, status: 'critical' },
    { from: 0.6, status: 'warning' },
    { from: 0.75, status: 'breached' },
    { from: 0.8, status: 'met' },
  ]);
  expect(file('refused', 'runbooks/README.md')).toContain('| Refused questions | ≤ 2% | > 4% | > 10% |');
  expect(file('sync', 'runbooks/README.md')).toContain(
    '| Sync | every 6 h | 3 failed runs in a row | 5 failed runs in a row |',
  );
  expect(file('wait', 'RagWaitP99.md')).toContain('above 10 s');
});

test.skipIf(noPromtool)(
  'in promtool, alerts of new objectives fire beyond their thresholds and not within',
  { timeout: 120_000 },
  () => {
    const run = (key: keyof typeof objectives, ...scenarios: Parameters<typeof runScenarios>[1]) =>
      runScenarios(
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
      run(
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
      run(
        'grade',
        graded('0.76', 0.76, []),
        graded('0.74', 0.74, ['warning']),
        graded('0.5', 0.5, ['critical', 'warning']),
      ),
    ).toBe('');
  },
);
