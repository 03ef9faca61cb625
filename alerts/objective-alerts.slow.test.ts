/** Incidents against the objectives' rules, with the real promtool. Rates are events per minute. */
import { expect, test, vi } from 'vitest';
import { boundsOf, indicators } from '../services/catalogue/indicators.ts';
import { deploymentLinks } from '../services/catalogue/links.ts';
import { compileObjectives } from '../services/slo/compile.ts';
import { noPromtool, runScenarios, type Scenario } from '../test/kit/rules/rule-scenarios.ts';
import { jobObjectives, objectives } from '../test/kit/slo/specification.ts';
import { objectiveGroups } from './rules.ts';

// promtool takes a few seconds per scenario, longer on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const groups = objectiveGroups(slo, indicators, deploymentLinks);

function play(name: string, ...scenarios: readonly Scenario[]): string {
  return runScenarios(
    groups.filter((group) => group.name.startsWith(`slo_${name}`)),
    scenarios,
  );
}

const cited = (value: boolean) => `rag_answers_total{outcome="answered",model="m",cited="${value}"}`;
const failed = 'rag_answers_total{outcome="failed",model="none",cited="false"}';
const hungUp = 'rag_answers_total{outcome="aborted",model="none",cited="false"}';
const within = (le: string) => `rag_answer_duration_seconds_bucket{le="${le}"}`;
const counted = 'rag_answer_duration_seconds_count';

test.skipIf(noPromtool)(
  'a drop of cited answers from 80% to 30% pages after 25 minutes despite a restart, and resolves on recovery',
  () => {
    const alert = 'RagCitationRate';
    const incident: Scenario = {
      name: 'citations',
      every: '1m',
      series: {
        // Two good hours, 50 bad minutes with a restart after 40, a good hour, and two hours without traffic.
        [cited(true)]: '0+16x120 1926+6x39 0+6x9 70+16x60 1030x120',
        [cited(false)]: '0+4x120 494+14x39 0+14x9 130+4x60 370x120',
      },
      checks: [
        { at: '120m', alert, fires: [] },
        { at: '120m', expr: 'slo:value:1h', is: 0.8 },
        // The 5m window shows it at once. The 1h window drops below 65% once (80 - 65) / (80 - 30) of it is bad, after 18 minutes,
        // and below 60% after 24. `for` adds one minute.
        { at: '136m', alert, fires: [] },
        { at: '141m', alert, fires: ['warning'] },
        { at: '147m', alert, fires: ['critical', 'warning'] },
        { at: '168m', alert, fires: ['critical', 'warning'] },
        { at: '190m', alert, fires: [] },
        { at: '5h', alert, fires: [] },
        // Without traffic there is no value.
        { at: '5h30m', expr: 'slo:value:1h', is: null },
      ],
    };
    expect(play('citation_rate', incident)).toBe('');
  },
);

test.skipIf(noPromtool)('a hundred uncited answers a day fire within a day, two uncited answers never do', () => {
  const alert = 'RagCitationRate';
  const few: Scenario = {
    name: 'few answers',
    every: '15m',
    // One answer every 15 minutes: cited for two days, then never.
    series: { [cited(true)]: '0+1x192 192x192', [cited(false)]: '0x192 1+1x192' },
    checks: [
      { at: '2d', alert, fires: [] },
      { at: '62h', alert, fires: ['critical', 'warning'] },
    ],
  };
  const two: Scenario = {
    name: 'two answers',
    every: '15m',
    series: { [cited(true)]: '0x200', [cited(false)]: '0x50 1x50 2x100' },
    checks: [
      { at: '13h', alert, fires: [] },
      { at: '26h', alert, fires: [] },
    ],
  };
  expect(play('citation_rate', few, two)).toBe('');
});

test.skipIf(noPromtool)('failures warn above 1% and page above 5%, and the budget alert fires at lower rates', () => {
  const alert = 'RagErrorRate';
  const scenario = (name: string, failing: string, checks: Scenario['checks']): Scenario => ({
    name,
    every: '2m',
    series: { [cited(true)]: '0+2000x120', [failed]: failing, [hungUp]: '0+900x120' },
    checks,
  });
  const budget = 'RagErrorRateBudget';
  const outcome = play(
    'error_rate',
    scenario('0.8 %', '0+16x120', [
      { at: '4h', alert, fires: [] },
      // Burn rate 8: below the limit of 14.4 over 1h, above the limit of 6 over 6h.
      { at: '4h', alert: budget, fires: ['warning'] },
      { at: '4h', expr: 'slo:burn_rate:1h', is: 7.937 },
    ]),
    scenario('0.5 %', '0+10x120', [{ at: '4h', alert, fires: [] }]),
    scenario('3 %', '0+62x120', [{ at: '90m', alert, fires: ['warning'] }]),
    // 60 of 1,060 per minute from the start: after three minutes the minimum count, significance and `for` are satisfied.
    scenario('6 %', '0+128x120', [{ at: '8m', alert, fires: ['critical', 'warning'] }]),
  );
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)('a service whose questions all fail pages, and a missing failure series counts as zero', () => {
  const alert = 'RagErrorRate';
  const outcome = play(
    'error_rate',
    {
      name: 'all fail',
      every: '1m',
      series: { [cited(true)]: '0+30x60 1800x90', [failed]: '0x60 30+30x90' },
      checks: [
        { at: '60m', alert, fires: [] },
        // 5% of an hour is three minutes. `for` adds one.
        { at: '66m', alert, fires: ['critical', 'warning'] },
        {
          at: '140m',
          alert,
          says: {
            critical:
              'Error rate: 100% now (5m), alerts above 5% (objective: below 0.1%). 1800 of 1800 questions failed over 1h.',
            warning:
              'Error rate: 100% now (5m), alerts above 1% (objective: below 0.1%). 1800 of 1800 questions failed over 1h.',
          },
        },
      ],
    },
    {
      name: 'no series of failures',
      every: '1m',
      series: { [cited(true)]: '0+30x120' },
      checks: [
        { at: '2h', alert, fires: [] },
        { at: '2h', expr: 'slo:value:1h', is: 0 },
      ],
    },
  );
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)('answers beyond a bound are counted with both spellings of the bucket label', () => {
  const alert = 'RagLatencyP95';
  // The numbers of 100 answers per minute beyond 3, 3.5 and 5 s. A P95 of 3.4 s misses its target without an alert.
  const slow = (
    name: string,
    [three, threeAndHalf, five]: readonly number[],
    checks: Scenario['checks'],
    zero = '',
  ) => ({
    name,
    every: '2m',
    series: {
      [within('1.5')]: '0+100x120',
      [within(`3${zero}`)]: `0+${three}x120`,
      [within('3.5')]: `0+${threeAndHalf}x120`,
      [within(`5${zero}`)]: `0+${five}x120`,
      [within('+Inf')]: '0+200x120',
      [counted]: '0+200x120',
    },
    checks,
  });
  const outcome = play(
    'latency_p95',
    slow('P95 is 3.4 s', [188, 191, 200], [{ at: '4h', alert, fires: [] }]),
    slow(
      'P95 is 4 s',
      [170, 180, 199],
      [
        { at: '4h', alert, fires: ['warning'] },
        {
          at: '4h',
          alert,
          says: {
            warning:
              'Latency P95: 4.3 s now (5m), alerts above 3.5 s (objective: at most 3 s). 600 of 6000 answers took longer over 1h.',
          },
        },
      ],
    ),
    slow('P95 is 6 s', [170, 180, 186], [{ at: '4h', alert, fires: ['critical', 'warning'] }]),
    slow(
      'P95 is 6 s, with the bucket labels of Prometheus 3',
      [170, 180, 186],
      [{ at: '4h', alert, fires: ['critical', 'warning'] }],
      '.0',
    ),
  );
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)('a high mean cost fires with enough answers, six expensive ones are too few', () => {
  const alert = 'RagCostPerAnswer';
  const spent = 'rag_cost_jpy_total{model="m",kind="answer"}';
  const priced = 'rag_priced_answers_total{model="m"}';
  const outcome = play(
    'cost_per_answer',
    {
      name: 'from ¥2 to ¥8',
      every: '1m',
      series: { [spent]: '0+40x120 4960+160x60', [priced]: '0+20x180' },
      checks: [
        { at: '120m', alert, fires: [] },
        { at: '120m', expr: 'slo:value:1h', is: 2 },
        // The 1h mean exceeds ¥3.5 after 15 minutes and ¥5 after 30.
        { at: '132m', alert, fires: [] },
        { at: '139m', alert, fires: ['warning'] },
        { at: '154m', alert, fires: ['critical', 'warning'] },
      ],
    },
    {
      name: 'six answers for ¥400',
      every: '1m',
      series: { [spent]: '0x30 400x30', [priced]: '0x30 6x30' },
      checks: [{ at: '34m', alert, fires: [] }],
    },
  );
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)(
  'one failed rollup warns, two in a row page, two workers count as one, and an overdue rollup fires',
  () => {
    const failures = (instance: string) => `rag_rollup_consecutive_failures{instance="${instance}"}`;
    const success = 'rag_rollup_last_success_timestamp_seconds';
    const outcome = play('batch_job', {
      name: 'rollup',
      every: '1h',
      series: {
        [failures('a')]: '0x24 1x23 2x10 0x30',
        [failures('b')]: '0x24 1x23 2x10 0x30',
        // At 0 h, and again at 58 h.
        [success]: '0x57 208800x30',
      },
      checks: [
        { at: '24h', alert: 'RagBatchJob', fires: [] },
        { at: '27h', alert: 'RagBatchJob', fires: ['warning'] },
        { at: '26h', alert: 'RagBatchJobLate', fires: [] },
        { at: '28h', alert: 'RagBatchJobLate', fires: ['warning'] },
        { at: '52h', alert: 'RagBatchJob', fires: ['critical', 'warning'] },
        { at: '52h', alert: 'RagBatchJobLate', fires: ['critical', 'warning'] },
        {
          at: '52h',
          alert: 'RagBatchJob',
          says: {
            critical: 'Daily rollup: 2 runs failed in a row (objective: one success every 24 hours).',
            warning: 'Daily rollup: 2 runs failed in a row (objective: one success every 24 hours).',
          },
        },
        { at: '60h', alert: 'RagBatchJob', fires: [] },
        { at: '60h', alert: 'RagBatchJobLate', fires: [] },
      ],
    });
    expect(outcome).toBe('');
  },
);

test.skipIf(noPromtool)('the remaining budget and the time to exhaustion match the calculation by hand', () => {
  const budgets = groups.filter(({ name }) => /^slo_(error_budget_)?error_rate/.test(name));
  const outcome = runScenarios(budgets, [
    {
      name: 'budget',
      every: '5m',
      // 1 of 2,000 per minute fails: 0.05%, half of the accepted 0.1%.
      series: { [cited(true)]: '0+9995x100', [failed]: '0+5x100' },
      checks: [
        { at: '8h', expr: 'slo:error_budget:remaining_ratio{slo="error_rate"}', is: 0.5 },
        // Half of a 30-day budget at a burn rate of 0.5 lasts 30 days.
        { at: '8h', expr: 'slo:error_budget:exhausted_in_seconds{slo="error_rate"}', is: 2_592_000 },
      ],
    },
  ]);
  expect(outcome).toBe('');
});
