/** Outages that no objective sees, against the real rules in promtool. */
import { expect, test, vi } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { noPromtool, runScenarios, type Scenario } from '../../test/kit/rules/rule-scenarios.ts';
import { jobObjectives, objectives } from '../../test/kit/slo/specification.ts';
import { isAlert } from '../rule.ts';
import { operationGroups } from '../rules.ts';

vi.setConfig({ testTimeout: 300_000 });

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const groups = operationGroups(slo, deploymentLinks);

const asked = (end: string, instance = 'a') => `rag_questions_total{end="${end}",instance="${instance}"}`;
const answers = (outcome: string, model = 'm', cited = 'true') =>
  `rag_answers_total{outcome="${outcome}",model="${model}",cited="${cited}"}`;
const signIn = (result: string) => `rag_stage_duration_seconds_count{stage="authenticate",result="${result}"}`;
const up = (job: string, instance = 'a') => `up{job="${job}",instance="${instance}"}`;
const vote = (value: string) => `rag_feedback_total{vote="${value}"}`;
const allJobs = Object.fromEntries(
  ['rag-chat', 'rag-worker', 'postgres', 'otel-collector', 'prometheus', 'alertmanager'].map((job) => [
    up(job),
    '1x120',
  ]),
);

type Outage = readonly [
  alert: string,
  severities: readonly string[],
  good: Scenario['series'],
  bad: Scenario['series'],
  /** Minutes. */
  at?: number,
];

/** One sample per minute: a healthy scenario, then one that fires at its end. */
const outages: readonly Outage[] = [
  [
    'RagQuestionsLeft',
    ['warning'],
    { [asked('served')]: '0+8x60', [asked('left')]: '0+2x60' },
    { [asked('served')]: '0+6x60', [asked('left')]: '0+4x60' },
  ],
  // Few questions do not fire.
  [
    'RagQuestionsRefused',
    ['warning'],
    { [asked('served')]: '0x60', [asked('refused')]: '0x40 0+1x20' },
    { [asked('served')]: '0+1x60', [asked('refused')]: '0+3x60' },
  ],
  [
    'RagNotFound',
    ['critical', 'warning'],
    { [answers('answered')]: '0+6x60', [answers('no_answer')]: '0+4x60' },
    { [answers('answered')]: '0x60', [answers('no_answer')]: '0+9x60' },
  ],
  [
    'RagDownvotes',
    ['warning'],
    { [vote('up')]: '0+6x60', [vote('down')]: '0+4x60' },
    { [vote('up')]: '0+3x60', [vote('down')]: '0+7x60' },
  ],
  [
    'RagSignInFailing',
    ['warning'],
    { [signIn('ok')]: '0+9x60', [signIn('failed')]: '0+1x60', [signIn('refused')]: '0+9x60' },
    { [signIn('ok')]: '0+9x50 450x10', [signIn('failed')]: '0x50 0+9x10' },
  ],
  // One server of two fails half of its questions. A server without others is covered by the totals.
  [
    'RagInstanceFailing',
    ['warning'],
    { [asked('served', 'a')]: '0+9x60', [asked('served', 'b')]: '0+9x60', [asked('failed', 'b')]: '0+1x60' },
    { [asked('served', 'a')]: '0+9x60', [asked('served', 'b')]: '0+1x60', [asked('failed', 'b')]: '0+1x60' },
  ],
  [
    'RagInstanceFailing',
    ['warning'],
    { [asked('served', 'a')]: '0+1x60', [asked('failed', 'a')]: '0+1x60' },
    { [asked('served', 'a')]: '0+9x60', [asked('gave_up', 'b')]: '0+1x60' },
  ],
  [
    'RagModelFailing',
    ['warning'],
    { [answers('answered', 'm')]: '0+9x60', [answers('failed', 'n')]: '0x54 0+1x6' },
    { [answers('answered', 'm')]: '0+9x60', [answers('failed', 'n')]: '0+1x60' },
  ],
  // One model of two cites nothing: the total is 20% uncited.
  [
    'RagModelUncited',
    ['warning'],
    { [answers('answered', 'm')]: '0+6x60', [answers('answered', 'm', 'false')]: '0+4x60' },
    { [answers('answered', 'm')]: '0+8x60', [answers('answered', 'n', 'false')]: '0+2x60' },
  ],
  [
    'RagTargetsVanished',
    ['warning'],
    { [up('rag-chat', 'a')]: '1x120', [up('rag-chat', 'b')]: '1x60 stale' },
    { [up('rag-chat', 'a')]: '1x120', [up('rag-chat', 'b')]: '1x60 stale', [up('rag-chat', 'c')]: '1x60 stale' },
    90,
  ],
  // A deployment restarts a process once.
  [
    'RagCrashLoop',
    ['warning'],
    { 'process_start_time_seconds{job="rag-chat",instance="a"}': '0x40 9x20' },
    { 'process_start_time_seconds{job="rag-chat",instance="a"}': '0x40 1x5 2x5 3x10' },
  ],
  [
    'RagCrashLoop',
    ['warning'],
    { [up('rag-worker')]: '1x40 0x2 1x18' },
    { [up('rag-worker')]: '1x40 0 1 0 1 0 1 0 1x13' },
  ],
  [
    'RagInputMissing',
    ['warning'],
    allJobs,
    Object.fromEntries(Object.entries(allJobs).filter(([series]) => !series.includes('postgres'))),
    90,
  ],
  [
    'RagPrometheusStorage',
    ['warning'],
    { prometheus_tsdb_compactions_failed_total: '3x60' },
    { prometheus_tsdb_compactions_failed_total: '3x50 4x10' },
  ],
];

test.skipIf(noPromtool).for(outages)(
  '%s fires in its outage (%j) and not in a healthy hour',
  ([alert, fires, good, bad, minutes = 58]) => {
    const scenario = (name: string, series: Scenario['series'], severities: readonly string[]): Scenario => ({
      name,
      every: '1m',
      series,
      checks: [{ at: `${minutes}m`, alert, fires: severities }],
    });
    const own = groups
      .map((group) => ({ ...group, rules: group.rules.filter((rule) => isAlert(rule) && rule.alert === alert) }))
      .filter(({ rules }) => rules.length > 0);
    expect(runScenarios(own, [scenario('healthy', good, []), scenario('outage', bad, fires)])).toBe('');
  },
);

test.skipIf(noPromtool)(
  'traffic that stops pages and traffic that drops warns, where earlier weeks had traffic',
  () => {
    const own = groups.filter(({ name }) => name === 'rag_traffic');
    const chat = up('rag-chat');
    // 5 minutes a sample: a week is 2,016 samples.
    const check = (at: string, none: readonly string[], drop: readonly string[]) => [
      { at, alert: 'RagNoTraffic', fires: none },
      { at, alert: 'RagTrafficDrop', fires: drop },
    ];
    const scenario = (name: string, questions: string, checks: Scenario['checks']): Scenario => ({
      name,
      every: '5m',
      series: { [asked('served')]: questions, [chat]: '1x4200' },
      checks,
    });
    const weeks = 14 * 24;
    expect(
      runScenarios(own, [
        scenario('steady', '0+20x4200', check(`${weeks + 5}h`, [], [])),
        scenario('stops', '0+20x4040 80800x160', check(`${weeks + 5}h`, ['critical'], ['warning'])),
        scenario('drops', '0+20x4040 80800+2x160', check(`${weeks + 5}h`, [], ['warning'])),
        // A new installation has nothing to compare with.
        scenario('no earlier week', '0+20x600 12000x300', check('70h', [], [])),
      ]),
    ).toBe('');
  },
);

test('every alert on silent outages is tested here', () => {
  const tested = new Set(['RagNoTraffic', 'RagTrafficDrop', ...outages.map(([alert]) => alert)]);
  const own = ['rag_traffic', 'rag_culprits', 'rag_targets'];
  const all = groups
    .filter(({ name }) => own.includes(name))
    .flatMap(({ rules }) => rules.filter(isAlert).map(({ alert }) => alert));
  expect(all.filter((alert) => !tested.has(alert))).toEqual([]);
});
