import { expect, test } from 'vitest';
import type { PrometheusStatus } from '../../slo/slo-status.ts';
import { cachePrometheusStatus } from './cached-prometheus-status.ts';

const connected = (asOf: string): PrometheusStatus => ({
  state: 'connected',
  asOf,
  rulesRun: true,
  budgets: null,
  firing: [],
  ended: [],
});

function cached() {
  const asked: PromiseWithResolvers<PrometheusStatus>[] = [];
  const outages: unknown[] = [];
  let at = 1_000;
  const read = cachePrometheusStatus({
    read: () => {
      const answer = Promise.withResolvers<PrometheusStatus>();
      asked.push(answer);
      return answer.promise;
    },
    clock: () => at,
    now: () => new Date('2026-03-07T04:05:06Z'),
    onUnreachable: (error) => outages.push(error),
  });
  /** Resolves when the answer was processed. */
  const noted = () => new Promise((resolve) => setImmediate(resolve));
  const pass = (ms: number) => {
    at += ms;
  };
  return { read, asked, outages, noted, pass };
}

test('concurrent readers, and readers within five seconds, cause one query', async () => {
  const { read, asked, pass } = cached();
  const all = [read(10_000), read(10_000)];
  asked[0]?.resolve(connected('first'));
  expect(await Promise.all(all)).toEqual([connected('first'), connected('first')]);
  pass(4_999);
  expect(await read(0)).toEqual(connected('first'));
  expect(asked).toHaveLength(1);
  pass(1);
  const later = read(10_000);
  asked[1]?.resolve(connected('second'));
  expect(await later).toEqual(connected('second'));
});

test('a slow query is not waited for beyond the timeout, and the previous status is returned with its own time', async () => {
  const { read, asked, noted, pass } = cached();
  expect(await read(1)).toEqual({ state: 'waiting' });
  asked[0]?.resolve(connected('slow'));
  await noted();
  expect(await read(1)).toEqual(connected('slow'));
  pass(20_000);
  expect(await read(1)).toEqual(connected('slow'));
  pass(60_001);
  expect(await read(1)).toEqual({ state: 'waiting' });
  expect(asked).toHaveLength(2);
});

test('an unreachable Prometheus is queried again in the background, and an outage is reported once', async () => {
  const { read, asked, outages, noted, pass } = cached();
  const first = read(10_000);
  asked[0]?.reject(new Error('refused'));
  const away = { state: 'unreachable', asOf: '2026-03-07T04:05:06.000Z' };
  expect(await first).toEqual(away);
  pass(6_000);
  // Not waited for, whatever the timeout.
  expect(await read(3_600_000)).toEqual(away);
  asked[1]?.reject(new Error('refused'));
  await noted();
  pass(6_000);
  await read(3_600_000);
  expect(outages).toHaveLength(1);
  asked[2]?.resolve(connected('back'));
  await noted();
  expect(await read(0)).toEqual(connected('back'));
});
