import { expect, test } from 'vitest';
import type { PrometheusStatus } from '../../slo/slo-status.ts';
import { keepWatched } from './cached-prometheus-status.ts';

const told = (asOf: string): PrometheusStatus => ({
  state: 'connected',
  asOf,
  rulesRun: true,
  budgets: null,
  firing: [],
  ended: [],
});

function kept() {
  const asked: PromiseWithResolvers<PrometheusStatus>[] = [];
  const outages: unknown[] = [];
  let at = 1_000;
  const read = keepWatched({
    read: () => {
      const answer = Promise.withResolvers<PrometheusStatus>();
      asked.push(answer);
      return answer.promise;
    },
    clock: () => at,
    now: () => new Date('2026-03-07T04:05:06Z'),
    onAway: (error) => outages.push(error),
  });
  /** What was answered has been taken note of. */
  const noted = () => new Promise((resolve) => setImmediate(resolve));
  const pass = (ms: number) => {
    at += ms;
  };
  return { read, asked, outages, noted, pass };
}

test('many who ask at once cost one question, and so do those who ask within five seconds', async () => {
  const { read, asked, pass } = kept();
  const all = [read(10_000), read(10_000)];
  asked[0]?.resolve(told('first'));
  expect(await Promise.all(all)).toEqual([told('first'), told('first')]);
  pass(4_999);
  expect(await read(0)).toEqual(told('first'));
  expect(asked).toHaveLength(1);
  pass(1);
  const later = read(10_000);
  asked[1]?.resolve(told('second'));
  expect(await later).toEqual(told('second'));
});

test('one that does not answer in time is waited for no longer, and what it told a while ago is told with its own time', async () => {
  const { read, asked, noted, pass } = kept();
  expect(await read(1)).toEqual({ state: 'waiting' });
  asked[0]?.resolve(told('slow'));
  await noted();
  expect(await read(1)).toEqual(told('slow'));
  pass(20_000);
  expect(await read(1)).toEqual(told('slow'));
  pass(60_001);
  expect(await read(1)).toEqual({ state: 'waiting' });
  expect(asked).toHaveLength(2);
});

test('one that is away is asked again behind the back of who looks, and the log hears of an outage once', async () => {
  const { read, asked, outages, noted, pass } = kept();
  const first = read(10_000);
  asked[0]?.reject(new Error('refused'));
  const away = { state: 'unreachable', asOf: '2026-03-07T04:05:06.000Z' };
  expect(await first).toEqual(away);
  pass(6_000);
  // Not waited for, however patient.
  expect(await read(3_600_000)).toEqual(away);
  asked[1]?.reject(new Error('refused'));
  await noted();
  pass(6_000);
  await read(3_600_000);
  expect(outages).toHaveLength(1);
  asked[2]?.resolve(told('back'));
  await noted();
  expect(await read(0)).toEqual(told('back'));
});
