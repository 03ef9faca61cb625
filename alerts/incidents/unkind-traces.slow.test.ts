/** What happens to counters in real houses, played against the rules: none of it may page for nothing, or hide a breach. */
import { expect, test } from 'vitest';
import { boundsOf, indicators } from '../../services/catalogue/indicators.ts';
import { compileObjectives } from '../../services/slo/compile.ts';
import { jobObjectives, objectives } from '../../services/slo/objectives.ts';
import { noPromtool, playScenarios, type Scenario } from '../../test/kit/rule-scenarios.ts';
import { localLinks } from '../links.ts';
import { objectiveGroups, operationGroups } from '../rules.ts';

const slo = compileObjectives({ ...objectives, ...jobObjectives }, { boundsOf: boundsOf(indicators) });
const groups = [...objectiveGroups(slo, indicators, localLinks), ...operationGroups(slo, localLinks)];

function play(names: readonly string[], ...scenarios: readonly Scenario[]): string {
  return playScenarios(
    groups.filter(({ name }) => names.includes(name)),
    scenarios,
  );
}

const cited = (value: boolean, instance: string) =>
  `rag_answers_total{outcome="answered",model="m",cited="${value}",instance="${instance}"}`;
const failed = (instance: string) =>
  `rag_answers_total{outcome="failed",model="none",cited="false",instance="${instance}"}`;

test.skipIf(noPromtool)('of two servers one dies with all its counts, and the other is judged by what it does', () => {
  const citations = (name: string, [good, bad]: readonly number[], fires: string[]): Scenario => ({
    name,
    every: '1m',
    series: {
      [cited(true, 'a')]: `0+${good}x180`,
      [cited(false, 'a')]: `0+${bad}x180`,
      // Every answer of the one that dies was uncited for a minute: 30 of them.
      [cited(true, 'b')]: '0+30x118 3540x1 stale',
      [cited(false, 'b')]: '0x118 30x1 stale',
    },
    checks: [{ at: '175m', alert: 'RagCitationRate', fires }],
  });
  expect(
    play(
      ['slo_citation_rate'],
      citations('the other is well', [24, 6], []),
      citations('the other is not', [12, 18], ['critical', 'warning']),
    ),
  ).toBe('');
});

test.skipIf(noPromtool)('ten minutes without a scrape hide no breach, and make none', () => {
  const gap = (name: string, good: number, bad: number, fires: string[]): Scenario => ({
    name,
    every: '1m',
    series: {
      [cited(true, 'a')]: `0+${good}x60 _x10 ${71 * good}+${good}x50`,
      [cited(false, 'a')]: `0+${bad}x60 _x10 ${71 * bad}+${bad}x50`,
    },
    checks: [{ at: '100m', alert: 'RagCitationRate', fires }],
  });
  expect(play(['slo_citation_rate'], gap('well', 80, 20, []), gap('badly', 40, 60, ['critical', 'warning']))).toBe('');
});

test.skipIf(noPromtool)(
  'servers that restart every ten minutes, and one sample that is no number, change no rate',
  () => {
    const crumbs = (of: number) => Array.from({ length: 12 }, () => `0+${of}x9`).join(' ');
    const loop = (name: string, bad: number, fires: string[]): Scenario => ({
      name,
      every: '1m',
      series: { [cited(true, 'a')]: crumbs(90), [failed('a')]: crumbs(bad) },
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
  },
);

test.skipIf(noPromtool)('a bound that is promised from today on does not make slow answers of yesterday’s', () => {
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
      // Five hours of quick answers were counted without 3.5 s.
      name: 'all are quick',
      every: '1m',
      series: { ...common, [bucket('3.5')]: '_x300 0+100x100' },
      checks: ['302m', '305m', '310m', '330m', '360m', '390m'].map((at) => ({ at, alert, fires: [] })),
    },
    {
      name: 'from then on a fifth is slower than 3.5 s',
      every: '1m',
      series: { ...common, [bucket('3')]: '0+100x300 30080+80x100', [bucket('3.5')]: '_x300 0+80x100' },
      checks: [
        { at: '355m', alert, fires: [] },
        // An hour later the hour is known.
        { at: '365m', alert, fires: ['warning'] },
      ],
    },
  );
  expect(outcome).toBe('');
});

test.skipIf(noPromtool)(
  'a model that nobody knew is told of by its first answer without a price, also when it is the only one',
  () => {
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
  },
);

test.skipIf(noPromtool)('one server that records nothing is seen beside another that does', () => {
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

test.skipIf(noPromtool)(
  'three questions a day that all fail are told of on the third day; two a day are an anecdote for ever',
  () => {
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
  },
);

test.skipIf(noPromtool)(
  'nobody asks, and nothing answers: the first is quiet, the second pages by what is away',
  () => {
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
        name: 'both are gone',
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
  },
);

test.skipIf(noPromtool)(
  'a rollup at 02:00 in Tokyo is late at 04:00 of the next day, whatever the date elsewhere',
  () => {
    // Promtool's clock begins at midnight UTC, 09:00 in Tokyo: runs end at 17:00 UTC of the first and the second day.
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
