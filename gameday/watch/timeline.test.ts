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
const told = (at: number, status: 'firing' | 'resolved') => ({ at, route: 'page', status, labels, annotations: {} });
const fresh = (byWebhook = true) => {
  const timeline = createTimeline({ since: 1_000, byWebhook });
  timeline.prometheus(1_000, []);
  return timeline;
};

test('the course of an alert: its condition, its firing, its page, its end and the word of it', () => {
  const timeline = fresh();
  timeline.prometheus(1_300, [listed('pending', 1_170)]);
  expect(timeline.of(key)).toMatchObject({ conditionAt: 1_170, firingAt: null, before: false });
  timeline.prometheus(2_300, [listed('firing', 1_170)]);
  timeline.prometheus(2_500, [listed('firing', 1_170)]);
  timeline.told([told(900, 'firing'), told(2_410, 'firing'), told(3_410, 'firing')]);
  timeline.prometheus(4_300, []);
  timeline.told([told(2_410, 'firing'), told(3_410, 'firing'), told(4_470, 'resolved')]);
  expect(timeline.of(key)).toEqual({
    key,
    before: false,
    conditionAt: 1_170,
    firingAt: 2_300,
    toldAt: 2_410,
    heldBack: false,
    resolvedAt: 4_300,
    resolvedToldAt: 4_470,
    summary: 'Error rate: 7 %',
  });
});

test('an alert that fires again has not ended, nor has the word of its end', () => {
  const timeline = fresh();
  timeline.prometheus(2_000, [listed('firing', 1_500)]);
  timeline.prometheus(3_000, []);
  const first = [told(2_100, 'firing'), told(3_100, 'resolved')];
  timeline.told(first);
  timeline.prometheus(4_000, [listed('firing', 3_500)]);
  timeline.told([...first, told(4_100, 'firing')]);
  expect(timeline.of(key)).toMatchObject({ firingAt: 2_000, resolvedAt: null, toldAt: 2_100, resolvedToldAt: null });
});

test('what fired before is marked so, the watchdog is left out, and one alert with several series is one', () => {
  const timeline = createTimeline({ since: 1_000, byWebhook: true });
  const watchdog = { ...listed('firing', 1), labels: { ...labels, alertname: 'RagWatchdog', severity: 'none' } };
  const other = { ...listed('firing', 700), labels: { ...labels, model: 'm-7' } };
  timeline.prometheus(1_000, [listed('firing', 500), other, watchdog]);
  expect(timeline.courses()).toHaveLength(1);
  expect(timeline.of(key)).toMatchObject({ before: true, conditionAt: 500 });
});

test('what another alert holds back was told to nobody, until it is', () => {
  const timeline = fresh();
  timeline.prometheus(2_000, [listed('firing', 1_500)]);
  timeline.alertmanager(2_000, [{ labels, suppressed: true }]);
  expect(timeline.of(key)).toMatchObject({ toldAt: null, heldBack: true });
  timeline.told([told(2_700, 'firing')]);
  timeline.alertmanager(2_800, [{ labels, suppressed: true }]);
  expect(timeline.of(key)).toMatchObject({ toldAt: 2_700, heldBack: false });
});

test('without webhooks of ours, what Alertmanager has for its receivers counts as told', () => {
  const timeline = fresh(false);
  timeline.alertmanager(2_000, [{ labels: { ...labels, gameday: 'a7' }, suppressed: false }]);
  timeline.alertmanager(3_000, []);
  expect(timeline.of(key)).toMatchObject({ toldAt: 2_000, resolvedToldAt: 3_000 });
  timeline.alertmanager(4_000, [{ labels, suppressed: false }]);
  expect(timeline.of(key)?.resolvedToldAt).toBeNull();
});
