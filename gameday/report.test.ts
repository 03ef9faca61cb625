import { expect, test } from 'vitest';
import { type IncidentOutcome, makeReport, printReport } from './report.ts';
import type { AlertHistory } from './watch/timeline.ts';

const injectedAt = Date.parse('2026-03-04T05:06:07.000Z');
const key = { alert: 'RagErrorRate', severity: 'critical', service: 'rag-chat' };
const history: AlertHistory = {
  key,
  firingBefore: false,
  activeAt: injectedAt + 1_930,
  firingAt: injectedAt + 3_100,
  notifiedAt: injectedAt + 3_370,
  suppressed: false,
  resolvedAt: injectedAt + 17_200,
  resolutionNotifiedAt: injectedAt + 17_560,
  summary: 'Error rate: 7 %',
};
const outcome: IncidentOutcome = {
  incident: 'errors',
  title: 'The model fails',
  expected: [key],
  gameday: 'a7',
  scale: 1 / 60,
  notificationSource: 'webhook',
  injectedAt,
  recoveredAt: injectedAt + 11_000,
  steps: [
    { at: injectedAt + 20, action: 'set the model: errorShare 1' },
    { at: injectedAt + 11_000, action: 'reset the model: errorShare 0' },
  ],
  histories: [history],
  failures: [],
};

test('durations count from the injection to the page, and from the recovery to the resolution', () => {
  const report = makeReport(outcome);
  expect(report.expected).toEqual([
    {
      ...key,
      activeAfter: 1.9,
      firedAfter: 3.1,
      notifiedAfter: 3.4,
      suppressed: false,
      resolvedAfter: 6.2,
      resolutionNotifiedAfter: 6.6,
      summary: 'Error rate: 7 %',
    },
  ]);
  expect(report.failures).toEqual([]);
});

test.each([
  [{ firingAt: null, notifiedAt: null }, 'did not fire'],
  [{ notifiedAt: null }, 'fired without a notification'],
  [{ resolvedAt: null }, 'did not resolve'],
  [{ resolutionNotifiedAt: null }, 'resolved without a notification'],
])('a missing state is a failure: %j', (change, words) => {
  const { failures } = makeReport({ ...outcome, histories: [{ ...history, ...change }] });
  expect(failures).toEqual([`RagErrorRate (critical, rag-chat) ${words}`]);
});

test('an alert without a history did not fire; other alerts and earlier alerts are listed separately', () => {
  const other = (alert: string, change: Partial<AlertHistory>): AlertHistory => ({
    ...history,
    key: { ...key, alert },
    ...change,
  });
  const pending = other('RagSpend', { firingAt: null });
  const histories = [
    other('RagChatSilent', { suppressed: true, notifiedAt: null }),
    other('RagBatchJob', { firingBefore: true }),
    pending,
  ];
  const report = makeReport({ ...outcome, histories });
  expect(report.failures).toEqual(['RagErrorRate (critical, rag-chat) did not fire']);
  expect(report.others.map(({ alert }) => alert)).toEqual(['RagChatSilent']);
  expect(report.firingBefore.map(({ alert }) => alert)).toEqual(['RagBatchJob']);
  const text = printReport(report);
  expect(text).toMatch(/RagChatSilent \(critical, rag-chat\) +3\.1 s +suppressed/);
  expect(text).toContain('firing before the injection: RagBatchJob (critical)');
  expect(text).toContain('FAIL: RagErrorRate (critical, rag-chat) did not fire');
});

test('a critical page that the incident does not expect is a failure, a warning is none', () => {
  const unexpected = { ...history, key: { ...key, alert: 'RagTargetDown' } };
  const warning = { ...history, key: { ...key, alert: 'RagSpend', severity: 'warning' } };
  const run = { ...outcome, histories: [history, unexpected, warning] };
  const { failures } = makeReport({ ...run, scale: 1 });
  expect(failures).toEqual(['RagTargetDown (critical, rag-chat) paged, and the incident does not expect it']);
  // A busy machine causes such pages in scaled time.
  expect(makeReport(run).failures).toEqual([]);
});

test('a symptom of the incident may page before the alert that inhibits it', () => {
  const symptom = { ...history, key: { ...key, alert: 'RagAvailability' } };
  const { failures } = makeReport({
    ...outcome,
    scale: 1,
    histories: [history, symptom],
    symptoms: ['RagAvailability'],
  });
  expect(failures).toEqual([]);
});

test('the text shows the stack, its scale and the time of each step', () => {
  expect(printReport(makeReport(outcome)).split('\n')).toEqual([
    '',
    'errors: The model fails',
    'on the game-day stack a7, where one hour in the rules takes 60 s',
    '',
    '  05:06:07     +0.0 s  set the model: errorShare 1',
    '  05:06:18    +11.0 s  reset the model: errorShare 0',
    '',
    '  expected                           fired  paged  resolved after recovery  notified',
    '  RagErrorRate (critical, rag-chat)  3.1 s  3.4 s                    6.2 s     6.6 s',
    '',
    '  messages',
    '  RagErrorRate (critical, rag-chat): Error rate: 7 %',
    '',
    'PASS: every expected alert notified and resolved, and no other alert paged.',
  ]);
  const external = printReport(makeReport({ ...outcome, gameday: null, scale: 1, notificationSource: 'alertmanager' }));
  expect(external).toContain('on a stack that was not started for game days\n');
  expect(external).toContain('in Alertmanager');
});
