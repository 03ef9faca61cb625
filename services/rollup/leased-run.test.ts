import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLeasedRun, LeaseLost, type Ledger, RunFailed, type Work } from './leased-run.ts';
import type { PeriodMetrics } from './period-metrics.ts';

const day = '2026-03-05';
const metrics = { totalQueries: 7 } as PeriodMetrics;
const retry = { retries: 3, minTimeout: 1, factor: 1, maxTimeout: 1 };
const running = () => ({ runId: 'r', since: null, signal: new AbortController().signal });

/** A ledger that records its calls in order. */
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

test('a failing day is retried under the same lease, and its attempts are counted', async () => {
  const { ledger, asked } = paper();
  let writes = 0;
  const rollDay = roller(ledger, async (_, run) => {
    writes += 1;
    expect(run).toMatchObject({ leaseId: 'lease-1', runId: 'r', attempts: writes });
    if (writes < 3) throw new Error('unavailable');
    return metrics;
  });
  expect(await rollDay(day, running())).toEqual({ day, state: 'succeeded', attempts: 3, outcome: metrics });
  expect(asked).toEqual([['take', { runId: 'r', day, since: null }]]);
});

test('a day that never succeeds is recorded as failed, without user text', async () => {
  const { ledger, asked } = paper();
  const rollDay = roller(ledger, async () => {
    throw new Error('no');
  });
  const failure = { attempts: 4, error: 'described Error: no' };
  expect(await rollDay(day, running())).toEqual({ day, state: 'failed', ...failure });
  expect(asked.at(-1)).toEqual(['fail', 'lease-1', { ...failure, rowsWritten: 0 }]);
});

test('a day leased by another worker is skipped', async () => {
  const { ledger } = paper({ acquireLease: async () => null });
  const rollDay = roller(ledger, () => expect.unreachable());
  expect(await rollDay(day, running())).toEqual({ day, state: 'elsewhere' });
});

test('a lost lease is not retried, and the run is not marked failed again', async () => {
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

test('acquiring the lease is retried while the database is unavailable', async () => {
  let asks = 0;
  const { ledger } = paper({
    acquireLease: async () => {
      asks += 1;
      if (asks === 1) throw new Error('unavailable');
      return 'lease-2';
    },
  });
  expect(await roller(ledger, async () => metrics)(day, running())).toMatchObject({ state: 'succeeded', attempts: 2 });
});

test('the lease is renewed only while the day is running', async () => {
  const renewed = Promise.withResolvers<void>();
  let renewals = 0;
  const { ledger } = paper({
    renewLease: async () => {
      renewals += 1;
      if (renewals === 3) renewed.resolve();
      if (renewals === 2) throw new Error('unavailable for a moment');
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

test('work whose lease was lost is aborted and not retried', async () => {
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

test('a stop between two attempts releases the lease without a failure', async () => {
  const { ledger, asked } = paper();
  const stopping = new AbortController();
  const rollDay = roller(ledger, async () => {
    stopping.abort();
    throw new Error('unavailable');
  });
  expect(await rollDay(day, { ...running(), signal: stopping.signal })).toEqual({ day, state: 'stopped' });
  expect(asked.at(-1)).toEqual(['giveBack', 'lease-1']);
});

test('a stop during an attempt lets it finish', async () => {
  const { ledger } = paper();
  const stopping = new AbortController();
  const rollDay = roller(ledger, async () => {
    stopping.abort();
    await turn();
    return metrics;
  });
  expect(await rollDay(day, { ...running(), signal: stopping.signal })).toMatchObject({ state: 'succeeded' });
});

test('RunFailed is not retried, and its reason is recorded', async () => {
  const { ledger, asked } = paper();
  const rollDay = roller(ledger, async () => {
    throw new RunFailed('the day is closed', 7);
  });
  const failure = { attempts: 1, error: 'described RunFailed: the day is closed' };
  expect(await rollDay(day, running())).toEqual({ day, state: 'failed', ...failure });
  expect(asked.at(-1)).toEqual(['fail', 'lease-1', { ...failure, rowsWritten: 7 }]);
});

test('a failure that cannot be recorded is still returned', async () => {
  const { ledger } = paper({
    failRun: async () => {
      throw new Error('unavailable');
    },
  });
  const rollDay = roller(ledger, async () => {
    throw new Error('no');
  });
  expect(await rollDay(day, running())).toMatchObject({ state: 'failed' });
});
