/** Counter anomalies of real deployments: none may cause a false alert or hide a breach. */
import { expect, test } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { deploymentLinks } from '../../services/catalogue/links.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { noPromtool, runScenarios, type Scenario } from '../../test/kit/rules/rule-scenarios.ts';
import { jobObjectives, objectives } from '../../test/kit/slo/specification.ts';
import { objectiveGroups, operationGroups } from '../rules.ts';

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const groups = [...objectiveGroups(slo, indicators, deploymentLinks), ...operationGroups(slo, deploymentLinks)];

function play(names: readonly string[], ...scenarios: readonly Scenario[]): string {
  return runScenarios(
    groups.filter(({ name }) => names.some((each) => name.startsWith(each))),
    scenarios,
  );
}

const cited = (value: boolean, instance: string) =>
  `rag_answers_total{outcome="answered",model="m",cited="${value}",instance="${instance}"}`;
const failed = (instance: string) =>
  `rag_answers_total{outcome="failed",model="none",cited="false",instance="${instance}"}`;

test.skipIf(noPromtool)('when one of two servers dies with its counters, alerts depend only on the other', () => {
  const citations = (name: string, [good, bad]: readonly number[], fires: string[]): Scenario => ({
    name,
    every: '1m',
    series: {
      [cited(true, 'a')]: `0+${good}x180`,
      [cited(false, 'a')]: `0+${bad}x180`,
      // In its last minute, all 30 answers of the dying server were uncited.
      [cited(true, 'b')]: '0+30x118 3540x1 stale',
      [cited(false, 'b')]: '0x118 30x1 stale',
    },
    checks: [{ at: '175m', alert: 'RagCitationRate', fires }],
  });
  expect(
    play(
      ['slo_citation_rate'],
      citations('the other is healthy', [24, 6], []),
      citations('the other is unhealthy', [12, 18], ['critical', 'warning']),
    ),
  ).toBe('');
});

test.skipIf(noPromtool)('ten minutes without a scrape neither hide nor cause a breach', () => {
  const gap = (name: string, good: number, bad: number, fires: string[]): Scenario => ({
    name,
    every: '1m',
    series: {
      [cited(true, 'a')]: `0+${good}x60 _x10 ${71 * good}+${good}x50`,
      [cited(false, 'a')]: `0+${bad}x60 _x10 ${71 * bad}+${bad}x50`,
    },
    checks: [{ at: '100m', alert: 'RagCitationRate', fires }],
  });
  expect(
    play(['slo_citation_rate'], gap('healthy', 80, 20, []), gap('unhealthy', 40, 60, ['critical', 'warning'])),
  ).toBe('');
});

test.skipIf(noPromtool)('restarts every ten minutes and a NaN sample do not change the rates', () => {
  const restarts = (of: number) => Array.from({ length: 12 }, () => `0+${of}x9`).join(' ');
  const loop = (name: string, bad: number, fires: string[]): Scenario => ({
    name,
    every: '1m',
    series: { [cited(true, 'a')]: restarts(90), [failed('a')]: restarts(bad) },
    checks: [{ at: '115m', alert: 'RagErrorRate', fires }],
  });
  const notANumber: Scenario = {
    name: 'not a number',
    every: '1m',
    series: { [cited(true, 'a')]: '0+90x60 NaN 5490+90x60', [failed('a')]: '0+9x121' },
    checks: [{ at: '90m', alert: 'RagErrorRate', fires: ['critical', 'warning'] }],
  };
  expect(
    play(['slo_error_rate'], loop('no failures', 0, []), loop('a tenth', 9, ['critical', 'warning']), notANumber),
  ).toBe('');
});

test.skipIf(noPromtool)('a new bucket bound does not turn earlier answers into slow ones', () => {
  const alert = 'RagLatencyP95';
  const bucket = (le: string) => `rag_answer_duration_seconds_bucket{le="${le}"}`;
  const common = {
    [bucket('3')]: '0+100x400',
    [bucket('5')]: '0+100x400',
    [bucket('+Inf')]: '0+100x400',
    rag_answer_duration_seconds_count: '0+100x400',
  };
  const outcome = play(
    ['slo_latency_p95'],
    {
      // Five hours of fast answers were counted without the bound 3.5 s.
      name: 'all are fast',
      every: '1m',
      series: { ...common, [bucket('3.5')]: '_x300 0+100x100' },
      checks: ['302m', '305m', '310m', '330m', '360m', '390m'].map((at) => ({ at, alert, fires: [] })),
    },
    {
      name: 'then 20% are slower than 3.5 s',
      every: '1m',
      series: { ...common, [bucket('3')]: '0+100x300 30080+80x100', [bucket('3.5')]: '_x300 0+80x100' },
      checks: [
        { at: '355m', alert, fires: [] },
        // After an hour, the 1h window has data.
        { at: '365m', alert, fires: ['warning'] },
      ],
    },
  );
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)('the first unpriced answer of a new model fires, even if it is the only one', () => {
  const unpriced = 'rag_unpriced_answers_total{model="new",instance="a"}';
  const outcome = play(['rag_answers'], {
    name: 'one answer',
    every: '1m',
    series: { [unpriced]: '_x30 1x120' },
    checks: [
      { at: '29m', alert: 'RagUnpricedAnswers', fires: [] },
      { at: '40m', alert: 'RagUnpricedAnswers', fires: ['warning'] },
      { at: '140m', alert: 'RagUnpricedAnswers', fires: [] },
    ],
  });
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)('a stalled server is detected next to a healthy one', () => {
  const pending = (instance: string) => `rag_records_pending{instance="${instance}"}`;
  const stored = (instance: string) => `rag_records_total{state="stored",instance="${instance}"}`;
  const outcome = play(['rag_records'], {
    name: 'one of two',
    every: '1m',
    series: {
      [pending('a')]: '2x60',
      [stored('a')]: '0+50x60',
      [pending('b')]: '0x30 9x30',
      [stored('b')]: '0+50x30 1500x30',
    },
    checks: [
      { at: '29m', alert: 'RagRecordStalled', fires: [] },
      { at: '40m', alert: 'RagRecordStalled', fires: ['critical'] },
    ],
  });
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)('three failing questions a day fire on the third day, two a day never do', () => {
  const few = (name: string, everyHours: number, fires: string[]): Scenario => ({
    name,
    every: '30m',
    series: {
      [cited(true, 'a')]: '5x300',
      [failed('a')]: Array.from({ length: 300 }, (_, step) => Math.floor(step / 2 / everyHours)).join(' '),
    },
    checks: [{ at: '147h', alert: 'RagErrorRate', fires }],
  });
  expect(play(['slo_error_rate'], few('three a day', 8, ['critical', 'warning']), few('two a day', 12, []))).toBe('');
});

test.skipIf(noPromtool)('no traffic fires nothing, and unreachable servers page', () => {
  const up = (instance: string) => `up{job="rag-chat",instance="${instance}"}`;
  const names = ['slo_citation_rate', 'slo_error_rate', 'rag_telemetry'];
  const outcome = play(
    names,
    {
      name: 'a quiet night',
      every: '1m',
      series: {
        [up('a')]: '1x600',
        [cited(true, 'a')]: '70x600',
        [cited(false, 'a')]: '400x600',
        [failed('a')]: '3x600',
      },
      checks: ['RagTargetDown', 'RagChatSilent', 'RagErrorRate', 'RagCitationRate'].map((alert) => ({
        at: '9h',
        alert,
        fires: [],
      })),
    },
    {
      name: 'both servers are down',
      every: '1m',
      series: {
        [up('a')]: '1x60 0x60',
        [up('b')]: '1x60 0x60',
        [cited(true, 'a')]: '0+9x60 stale',
        [cited(true, 'b')]: '0+9x60 stale',
      },
      checks: [
        { at: '65m', alert: 'RagTargetDown', fires: ['critical', 'warning'] },
        { at: '65m', alert: 'RagChatSilent', fires: ['critical'] },
        { at: '65m', alert: 'RagErrorRate', fires: [] },
      ],
    },
  );
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)(
  'a rollup due at 02:00 in Tokyo is overdue at 04:00 the next day, whatever the date in UTC',
  () => {
    // promtool's clock starts at midnight UTC, 09:00 in Tokyo: runs end at 17:00 UTC on the first and second day.
    const outcome = play(['slo_batch_job'], {
      name: 'two nights',
      every: '30m',
      series: { rag_rollup_last_success_timestamp_seconds: '_x34 61200x47 147600x110' },
      checks: [
        { at: '40h', alert: 'RagBatchJobLate', fires: [] },
        { at: '42h', alert: 'RagBatchJobLate', fires: [] },
        { at: '67h', alert: 'RagBatchJobLate', fires: [] },
        { at: '68h', alert: 'RagBatchJobLate', fires: ['warning'] },
      ],
    });
    expect(outcome).toBe('');
  },
);
