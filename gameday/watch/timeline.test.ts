import { expect, test } from 'vitest';
import { createTimeline, type ListedAlert } from './timeline.ts';

const labels = { alertname: 'RagErrorRate', severity: 'critical', service: 'rag-chat', slo: 'error_rate' };
const key = { alert: 'RagErrorRate', severity: 'critical', service: 'rag-chat' };
const listed = (state: ListedAlert['state'], activeAt: number): ListedAlert => ({
  labels,
  annotations: { summary: 'Error rate: 7 %' },
  state,
  activeAt,
});
const notification = (at: number, status: 'firing' | 'resolved') => ({
  at,
  route: 'page',
  status,
  labels,
  annotations: {},
});
const fresh = (byWebhook = true) => {
  const timeline = createTimeline({ since: 1_000, byWebhook });
  timeline.prometheus(1_000, []);
  return timeline;
};

test('the history of an alert: active, firing, notified, resolved, resolution notified', () => {
  const timeline = fresh();
  timeline.prometheus(1_300, [listed('pending', 1_170)]);
  expect(timeline.of(key)).toMatchObject({ activeAt: 1_170, firingAt: null, firingBefore: false });
  timeline.prometheus(2_300, [listed('firing', 1_170)]);
  timeline.prometheus(2_500, [listed('firing', 1_170)]);
  timeline.webhook([notification(900, 'firing'), notification(2_410, 'firing'), notification(3_410, 'firing')]);
  timeline.prometheus(4_300, []);
  timeline.webhook([notification(2_410, 'firing'), notification(3_410, 'firing'), notification(4_470, 'resolved')]);
  expect(timeline.of(key)).toEqual({
    key,
    firingBefore: false,
    activeAt: 1_170,
    firingAt: 2_300,
    notifiedAt: 2_410,
    suppressed: false,
    resolvedAt: 4_300,
    resolutionNotifiedAt: 4_470,
    summary: 'Error rate: 7 %',
  });
});

test('an alert that fires again is not resolved, and neither is its notification', () => {
  const timeline = fresh();
  timeline.prometheus(2_000, [listed('firing', 1_500)]);
  timeline.prometheus(3_000, []);
  const first = [notification(2_100, 'firing'), notification(3_100, 'resolved')];
  timeline.webhook(first);
  timeline.prometheus(4_000, [listed('firing', 3_500)]);
  timeline.webhook([...first, notification(4_100, 'firing')]);
  expect(timeline.of(key)).toMatchObject({
    firingAt: 2_000,
    resolvedAt: null,
    notifiedAt: 2_100,
    resolutionNotifiedAt: null,
  });
});

test('earlier alerts are flagged, the watchdog is omitted, and several series of one alert are one history', () => {
  const timeline = createTimeline({ since: 1_000, byWebhook: true });
  const watchdog = { ...listed('firing', 1), labels: { ...labels, alertname: 'RagWatchdog', severity: 'none' } };
  const other = { ...listed('firing', 700), labels: { ...labels, model: 'm-7' } };
  timeline.prometheus(1_000, [listed('firing', 500), other, watchdog]);
  expect(timeline.histories()).toHaveLength(1);
  expect(timeline.of(key)).toMatchObject({ firingBefore: true, activeAt: 500 });
});

test('an inhibited alert counts as suppressed until it notifies', () => {
  const timeline = fresh();
  timeline.prometheus(2_000, [listed('firing', 1_500)]);
  timeline.alertmanager(2_000, [{ labels, suppressed: true }]);
  expect(timeline.of(key)).toMatchObject({ notifiedAt: null, suppressed: true });
  timeline.webhook([notification(2_700, 'firing')]);
  timeline.alertmanager(2_800, [{ labels, suppressed: true }]);
  expect(timeline.of(key)).toMatchObject({ notifiedAt: 2_700, suppressed: false });
});

test('without our webhooks, an alert counts as notified when Alertmanager lists it as active', () => {
  const timeline = fresh(false);
  timeline.alertmanager(2_000, [{ labels: { ...labels, gameday: 'a7' }, suppressed: false }]);
  timeline.alertmanager(3_000, []);
  expect(timeline.of(key)).toMatchObject({ notifiedAt: 2_000, resolutionNotifiedAt: 3_000 });
  timeline.alertmanager(4_000, [{ labels, suppressed: false }]);
  expect(timeline.of(key)?.resolutionNotifiedAt).toBeNull();
});
