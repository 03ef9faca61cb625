import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLeasedRun, LeaseLost, type Ledger, RunFailed, type Work } from './leased-run.ts';
import type { PeriodMetrics } from './period-metrics.ts';

const day = '2026-03-05';
const metrics = { totalQueries: 7 } as PeriodMetrics;
const retry = { retries: 3, minTimeout: 1, factor: 1, maxTimeout: 1 };
const running = () => ({ runId: 'r', since: null, signal: new AbortController().signal });

/** A ledger on paper: what was asked of it, in order. */
function paper(ledger: Partial<Ledger> = {}) {
  const asked: unknown[] = [];
  const note =
    <A extends unknown[], R>(name: string, answer: (...args: A) => Promise<R>) =>
    (...args: A) => {
      asked.push([name, ...args]);
      return answer(...args);
    };
  return {
    asked,
    ledger: {
      acquireLease: note('take', ledger.acquireLease ?? (async () => 'lease-1')),
      renewLease: note('renew', ledger.renewLease ?? (async () => true)),
      releaseLease: note('giveBack', ledger.releaseLease ?? (async () => {})),
      failRun: note('fail', ledger.failRun ?? (async () => {})),
    } satisfies Ledger,
  };
}

function roller(ledger: Ledger, work: Work<PeriodMetrics>, renewEveryMs = 60_000) {
  return createLeasedRun({ ledger, work, retry, renewEveryMs, describe: (error) => `described ${String(error)}` });
}

test('a day that fails twice is tried again under the same lease, and its attempts are counted', async () => {
  const { ledger, asked } = paper();
  let writes = 0;
  const rollDay = roller(ledger, async (_, run) => {
    writes += 1;
    expect(run).toMatchObject({ leaseId: 'lease-1', runId: 'r', attempts: writes });
    if (writes < 3) throw new Error('away');
    return metrics;
  });
  expect(await rollDay(day, running())).toEqual({ day, state: 'succeeded', attempts: 3, outcome: metrics });
  expect(asked).toEqual([['take', { runId: 'r', day, since: null }]]);
});

test('a day that never succeeds is kept as failed, with a reason that quotes nobody', async () => {
  const { ledger, asked } = paper();
  const rollDay = roller(ledger, async () => {
    throw new Error('no');
  });
  const failure = { attempts: 4, error: 'described Error: no' };
  expect(await rollDay(day, running())).toEqual({ day, state: 'failed', ...failure });
  expect(asked.at(-1)).toEqual(['fail', 'lease-1', { ...failure, rowsWritten: 0 }]);
});

test('a day that another worker holds is left alone', async () => {
  const { ledger } = paper({ acquireLease: async () => null });
  const rollDay = roller(ledger, () => expect.unreachable());
  expect(await rollDay(day, running())).toEqual({ day, state: 'elsewhere' });
});

test('a lease that was taken over is not fought for, and the run is not called failed a second time', async () => {
  const { ledger, asked } = paper();
  let writes = 0;
  const rollDay = roller(ledger, async () => {
    writes += 1;
    throw new LeaseLost();
  });
  expect(await rollDay(day, running())).toEqual({ day, state: 'elsewhere' });
  expect(writes).toBe(1);
  expect(asked.map((call) => (call as unknown[])[0])).toEqual(['take']);
});

test('a database that is away while the lease is asked for is tried again too', async () => {
  let asks = 0;
  const { ledger } = paper({
    acquireLease: async () => {
      asks += 1;
      if (asks === 1) throw new Error('away');
      return 'lease-2';
    },
  });
  expect(await roller(ledger, async () => metrics)(day, running())).toMatchObject({ state: 'succeeded', attempts: 2 });
});

test('while a day is computed its lease is renewed, and no longer', async () => {
  const renewed = Promise.withResolvers<void>();
  let renewals = 0;
  const { ledger } = paper({
    renewLease: async () => {
      renewals += 1;
      if (renewals === 3) renewed.resolve();
      if (renewals === 2) throw new Error('away for a moment');
      return true;
    },
  });
  const rollDay = roller(
    ledger,
    async () => {
      await renewed.promise;
      return metrics;
    },
    1,
  );
  expect(await rollDay(day, running())).toMatchObject({ state: 'succeeded' });
  const after = renewals;
  await turn();
  expect(renewals).toBe(after);
});

test('work whose lease was taken over while this worker slept is told to end, and is not tried again', async () => {
  const { ledger, asked } = paper({ renewLease: async () => false });
  let writes = 0;
  const rollDay = roller(
    ledger,
    async (_, { signal }) => {
      writes += 1;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      throw new Error('ended in the middle');
    },
    1,
  );
  expect(await rollDay(day, running())).toEqual({ day, state: 'elsewhere' });
  expect(writes).toBe(1);
  expect(asked).not.toContainEqual(expect.arrayContaining(['fail']));
});

test('a stop between two attempts gives the lease back, so that it is no failure', async () => {
  const { ledger, asked } = paper();
  const stopping = new AbortController();
  const rollDay = roller(ledger, async () => {
    stopping.abort();
    throw new Error('away');
  });
  expect(await rollDay(day, { ...running(), signal: stopping.signal })).toEqual({ day, state: 'stopped' });
  expect(asked.at(-1)).toEqual(['giveBack', 'lease-1']);
});

test('a day that is being written when the stop comes is finished', async () => {
  const { ledger } = paper();
  const stopping = new AbortController();
  const rollDay = roller(ledger, async () => {
    stopping.abort();
    await turn();
    return metrics;
  });
  expect(await rollDay(day, { ...running(), signal: stopping.signal })).toMatchObject({ state: 'succeeded' });
});

test('work that refuses is not tried again, and its reason is kept', async () => {
  const { ledger, asked } = paper();
  const rollDay = roller(ledger, async () => {
    throw new RunFailed('the day is closed', 7);
  });
  const failure = { attempts: 1, error: 'described RunFailed: the day is closed' };
  expect(await rollDay(day, running())).toEqual({ day, state: 'failed', ...failure });
  expect(asked.at(-1)).toEqual(['fail', 'lease-1', { ...failure, rowsWritten: 7 }]);
});

test('a failure that cannot be written down is still reported', async () => {
  const { ledger } = paper({
    failRun: async () => {
      throw new Error('away');
    },
  });
  const rollDay = roller(ledger, async () => {
    throw new Error('no');
  });
  expect(await rollDay(day, running())).toMatchObject({ state: 'failed' });
});
