/** The alerts on the probe, played against the rules. */
import { expect, test, vi } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { noPromtool, runScenarios, type Scenario } from '../../test/kit/rules/rule-scenarios.ts';
import { jobObjectives, objectives } from '../../test/kit/slo/specification.ts';
import { operationGroups } from '../rules.ts';

vi.setConfig({ testTimeout: 180_000 });

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const groups = operationGroups(slo, deploymentLinks).filter(({ name }) => name.startsWith('rag_probe'));
const probes = (result: string, worker = 'a') =>
  `rag_probe_total{service="rag-chat",env="production",instance="${worker}",result="${result}"}`;
const firing = (alert: string, severity: string) =>
  `count(ALERTS{alertname="${alert}",alertstate="firing",severity="${severity}",env="production"})`;
const play = (scenario: Omit<Scenario, 'every'>) => runScenarios(groups, [{ every: '15s', ...scenario }]);

test.skipIf(noPromtool)('an outage at night pages within six minutes, and the page ends with the outage', () => {
  const outcome = play({
    name: 'outage from minute 60 to 90',
    series: {
      [probes('ok')]: '0+0.25x240 60x120 60+0.25x120',
      [probes('failed')]: '0x240 0+0.25x120 30x120',
      [probes('uncited')]: '0x480',
      [probes('refused')]: '0x480',
    },
    checks: [
      { at: '59m', expr: firing('RagProbeFailing', 'critical'), is: null },
      { at: '66m', expr: firing('RagProbeFailing', 'critical'), is: 1 },
      { at: '95m', expr: firing('RagProbeFailing', 'critical'), is: null },
    ],
  });
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)('one bad server of three warns and does not page', () => {
  const outcome = play({
    name: 'a third of the probes fails',
    // Two of three workers ask the good servers.
    series: {
      [probes('ok', 'a')]: '0+0.25x240',
      [probes('ok', 'b')]: '0+0.25x240',
      [probes('failed', 'a')]: '0x240',
      [probes('failed', 'c')]: '0+0.25x240',
    },
    checks: [
      { at: '35m', expr: firing('RagProbeFailing', 'warning'), is: 1 },
      { at: '55m', expr: firing('RagProbeFailing', 'critical'), is: null },
    ],
  });
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)('an expired token warns and does not page', () => {
  const outcome = play({
    name: 'refused from minute 30',
    series: {
      [probes('ok')]: '0+0.25x120 30x240',
      [probes('failed')]: '0x360',
      [probes('refused')]: '0x120 0+0.25x240',
    },
    checks: [
      { at: '35m', expr: firing('RagProbeRefused', 'warning'), is: 1 },
      { at: '60m', expr: firing('RagProbeFailing', 'critical'), is: null },
    ],
  });
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)('a worker that hangs warns, and a restart or a gap in Prometheus does not', () => {
  const outcome = play({
    name: 'restart in minute 30, gap from 50 to 70, silence from 90',
    series: { [probes('ok')]: '0+0.25x120 0+0.25x80 _x80 50+0.25x80 70x160', [probes('failed')]: '0x200 _x80 0x240' },
    checks: [
      { at: '40m', expr: firing('RagProbeSilent', 'warning'), is: null },
      { at: '75m', expr: firing('RagProbeSilent', 'warning'), is: null },
      { at: '80m', expr: firing('RagProbeFailing', 'critical'), is: null },
      { at: '108m', expr: firing('RagProbeSilent', 'warning'), is: 1 },
    ],
  });
  expect(outcome).toBe('');
});
