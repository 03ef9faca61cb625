import { expect, test } from 'vitest';
import { makeReport, type Played, printReport } from './report.ts';
import type { Course } from './watch/timeline.ts';

const begun = Date.parse('2026-03-04T05:06:07.000Z');
const key = { alert: 'RagErrorRate', severity: 'critical', service: 'rag-chat' };
const course: Course = {
  key,
  before: false,
  conditionAt: begun + 1_930,
  firingAt: begun + 3_100,
  toldAt: begun + 3_370,
  heldBack: false,
  resolvedAt: begun + 17_200,
  resolvedToldAt: begun + 17_560,
  summary: 'Error rate: 7 %',
};
const played: Played = {
  incident: 'errors',
  title: 'The model fails',
  expected: [key],
  gameday: 'a7',
  scale: 1 / 60,
  toldBy: 'webhook',
  injectedAt: begun,
  healedAt: begun + 11_000,
  steps: [
    { at: begun + 20, did: 'the model: errorShare 1' },
    { at: begun + 11_000, did: 'the model: errorShare 0' },
  ],
  courses: [course],
  failures: [],
};

test('seconds count from the injection to the page, and from the healing to the end', () => {
  const report = makeReport(played);
  expect(report.expected).toEqual([
    {
      ...key,
      conditionAfter: 1.9,
      firedAfter: 3.1,
      toldAfter: 3.4,
      heldBack: false,
      resolvedAfter: 6.2,
      resolvedToldAfter: 6.6,
      summary: 'Error rate: 7 %',
    },
  ]);
  expect(report.failures).toEqual([]);
});

test.each([
  [{ firingAt: null, toldAt: null }, 'did not fire'],
  [{ toldAt: null }, 'fired, and nobody was told'],
  [{ resolvedAt: null }, 'has not resolved'],
  [{ resolvedToldAt: null }, 'resolved, and nobody was told'],
])('what is missing is a failure, in words: %j', (change, words) => {
  const { failures } = makeReport({ ...played, courses: [{ ...course, ...change }] });
  expect(failures).toEqual([`RagErrorRate (critical, rag-chat) ${words}`]);
});

test('an alert that was never seen did not fire; what else fired and what fired before stand apart', () => {
  const other = (alert: string, change: Partial<Course>): Course => ({ ...course, key: { ...key, alert }, ...change });
  const pending = other('RagSpend', { firingAt: null });
  const courses = [
    other('RagChatSilent', { heldBack: true, toldAt: null }),
    other('RagBatchJob', { before: true }),
    pending,
  ];
  const report = makeReport({ ...played, courses });
  expect(report.failures).toEqual(['RagErrorRate (critical, rag-chat) did not fire']);
  expect(report.others.map(({ alert }) => alert)).toEqual(['RagChatSilent']);
  expect(report.before.map(({ alert }) => alert)).toEqual(['RagBatchJob']);
  const text = printReport(report);
  expect(text).toMatch(/RagChatSilent \(critical, rag-chat\) +3\.1 s +held back/);
  expect(text).toContain('fired before: RagBatchJob (critical)');
  expect(text).toContain('NOT AS EXPECTED: RagErrorRate (critical, rag-chat) did not fire');
});

test('the text says on which stack, at which pace, and what was done when', () => {
  expect(printReport(makeReport(played)).split('\n')).toEqual([
    '',
    'errors: The model fails',
    'on the game-day stack a7; an hour of its rules lasts 60 s',
    '',
    '  05:06:07     +0.0 s  the model: errorShare 1',
    '  05:06:18    +11.0 s  the model: errorShare 0',
    '',
    '  expected                           fired  paged  over after healing  and told',
    '  RagErrorRate (critical, rag-chat)  3.1 s  3.4 s               6.2 s     6.6 s',
    '',
    'The page came, and it ended.',
  ]);
  const strange = printReport(makeReport({ ...played, gameday: null, scale: 1, toldBy: 'alertmanager' }));
  expect(strange).toContain('on a stack that was not started for game days\n');
  expect(strange).toContain('in Alertmanager');
});
