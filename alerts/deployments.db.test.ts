/** Several deployments, services and Prometheus servers in one set of series: none is mixed with another, and none counts twice. */
import { expect, test, vi } from 'vitest';
import { boundsOf, indicators } from '../services/catalogue/indicators.ts';
import { deploymentLinks } from '../services/catalogue/links.ts';
import { compileObjectives } from '../services/slo/compile.ts';
import { noPromtool, runScenarios, type Scenario } from '../test/kit/rules/rule-scenarios.ts';
import { jobObjectives, objectives } from '../test/kit/slo/specification.ts';
import { isAlert } from './rule.ts';
import { maxRulesPerGroup, objectiveGroups, operationGroups } from './rules.ts';

// promtool takes a few seconds per scenario, longer on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const groups = [...objectiveGroups(slo, indicators, deploymentLinks), ...operationGroups(slo, deploymentLinks)];

const answers = (outcome: string, labels: string) =>
  `rag_answers_total{outcome="${outcome}",cited="true",model="m",${labels}}`;
const firing = (alert: string, labels: string) => `count(ALERTS{alertname="${alert}",alertstate="firing",${labels}})`;
const play = (...scenarios: readonly Scenario[]) => runScenarios(groups, scenarios);

test('rule groups hold at most 20 rules and have unique names', () => {
  for (const { name, rules } of groups) expect(rules.length, name).toBeLessThanOrEqual(maxRulesPerGroup);
  expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
});

test('no expression loses the service or the identity labels', () => {
  const { identity } = slo.deployment;
  for (const { rules } of groups) {
    for (const rule of rules) {
      if (isAlert(rule) && rule.labels.severity === 'none') continue;
      // It also fires where no deployment at all is scraped, or where targets serve all of them: there are no labels to keep.
      if (isAlert(rule) && rule.alert === 'RagInputMissing') continue;
      // Every aggregation and every match lists what it keeps; only the absence of a metric everywhere has no labels.
      for (const [, kind, list = ''] of rule.expr.matchAll(/\b(by|on) \(([^)]*)\)/g)) {
        if (kind === 'on' && list === '') continue;
        expect(list.split(', '), rule.expr).toEqual(expect.arrayContaining([...identity]));
      }
      expect(rule.expr).not.toMatch(
        /\b(sum|max|min|count)\s*\(|on ?\(\) (?!absent)|vector\(0\)|(?<!or on \(\) )absent\(/,
      );
    }
  }
});

test.skipIf(noPromtool)(
  'errors of staging fire for staging only, and its traffic does not hide those of production',
  () => {
    const staging = 'service="rag-chat",env="staging"';
    const production = 'service="rag-chat",env="production"';
    const outcome = play(
      {
        name: 'staging fails',
        every: '1m',
        series: {
          [answers('answered', staging)]: '0+50x90',
          [answers('failed', staging)]: '0+50x90',
          [answers('answered', production)]: '0+100x90',
          [answers('failed', production)]: '0x90',
        },
        checks: [
          { at: '80m', expr: firing('RagErrorRate', 'severity="critical",env="staging"'), is: 1 },
          { at: '80m', expr: firing('RagErrorRate', 'env="production"'), is: null },
          { at: '80m', expr: 'slo:value:1h{slo="error_rate",env="production"}', is: 0 },
        ],
      },
      {
        name: 'a load test on staging while a tenth of production fails',
        every: '1m',
        series: {
          [answers('answered', staging)]: '0+100000x90',
          [answers('answered', production)]: '0+90x90',
          [answers('failed', production)]: '0+10x90',
        },
        checks: [
          { at: '80m', expr: firing('RagErrorRate', 'severity="critical",env="production"'), is: 1 },
          // It has no series of failures yet, which counts as zero.
          { at: '80m', expr: 'slo:value:1h{slo="error_rate",env="staging"}', is: 0 },
        ],
      },
    );
    expect(outcome).toBe('');
  },
);

test.skipIf(noPromtool)(
  'one of two services fails: the alert names it, and the slow answers of one are not those of the other',
  () => {
    const bucket = (service: string, le: string) =>
      `rag_answer_duration_seconds_bucket{service="${service}",le="${le}"}`;
    const count = (service: string) => `rag_answer_duration_seconds_count{service="${service}"}`;
    const outcome = play({
      name: 'two services',
      every: '1m',
      series: {
        [answers('answered', 'service="rag-chat"')]: '0+100x90',
        [answers('answered', 'service="tutor"')]: '0+80x90',
        [answers('failed', 'service="tutor"')]: '0+20x90',
        ...Object.fromEntries(['3', '3.5', '5', '+Inf'].map((le) => [bucket('rag-chat', le), '0+100x90'])),
        [count('rag-chat')]: '0+100x90',
        [bucket('tutor', '3')]: '0+10x90',
        [bucket('tutor', '3.5')]: '0+10x90',
        [bucket('tutor', '5')]: '0+10x90',
        [bucket('tutor', '+Inf')]: '0+100x90',
        [count('tutor')]: '0+100x90',
      },
      checks: ['RagErrorRate', 'RagLatencyP95'].flatMap((alert) => [
        { at: '80m', expr: firing(alert, 'severity="critical",service="tutor"'), is: 1 },
        { at: '80m', expr: firing(alert, 'service="rag-chat"'), is: null },
      ]),
    });
    expect(outcome).toBe('');
  },
);

test.skipIf(noPromtool)('two Prometheus servers without deduplication count each answer once', () => {
  const twice = (series: (replica: string) => string, values: string) =>
    Object.fromEntries(['a', 'b'].map((replica) => [series(`prometheus_replica="${replica}"`), values]));
  const outcome = play({
    name: 'replicas',
    every: '1m',
    series: {
      ...twice((replica) => answers('answered', `service="rag-chat",env="p",${replica}`), '0+10x90'),
      // Server b was down for half an hour.
      [answers('failed', 'service="rag-chat",env="p",prometheus_replica="a"')]: '0x30 0+1x60',
      [answers('failed', 'service="rag-chat",env="p",prometheus_replica="b"')]: '0x30 _x30 30+1x30',
    },
    checks: [
      { at: '80m', expr: 'slo:events:increase1h{slo="error_rate"}', is: 649 },
      { at: '80m', expr: 'slo:bad_events:increase1h{slo="error_rate"}', is: 49 },
    ],
  });
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)('production that vanishes from discovery pages although staging is measured', () => {
  const up = (env: string) => `up{job="rag-chat",env="${env}",instance="a"}`;
  const outcome = play({
    name: 'vanished',
    every: '1m',
    series: {
      [up('staging')]: '1x200',
      [answers('answered', 'service="rag-chat",env="staging"')]: '0+1x200',
      [up('production')]: '1x60 stale',
      [answers('answered', 'service="rag-chat",env="production"')]: '0+1x60 stale',
    },
    checks: [
      { at: '55m', expr: firing('RagChatSilent', 'env="production"'), is: null },
      { at: '66m', expr: firing('RagChatSilent', 'severity="critical",env="production"'), is: 1 },
      { at: '190m', expr: firing('RagChatSilent', 'env="production"'), is: 1 },
      { at: '190m', expr: firing('RagChatSilent', 'env="staging"'), is: null },
    ],
  });
  expect(outcome).toBe('');
});
