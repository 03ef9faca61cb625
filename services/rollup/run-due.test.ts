import { expect, test } from 'vitest';
import type { PeriodMetrics } from './period-metrics.ts';
import type { DayResult, RollDay } from './run.ts';
import { createDueRuns } from './run-due.ts';

const now = () => new Date('2026-03-09T17:00:00Z'); // 02:00 on 10 March in Tokyo
const retry = { minTimeout: 1, factor: 1, maxTimeout: 1 };
const metrics = {} as PeriodMetrics;
const signal = new AbortController().signal;

function recording(answer: (day: string) => DayResult) {
  const runs: unknown[] = [];
  const rollDay: RollDay = async (day, { runId, since }) => {
    runs.push([runId, day, since?.toISOString()]);
    return answer(day);
  };
  return { runs, rollDay };
}

const succeeded = (day: string): DayResult => ({ day, state: 'succeeded', attempts: 1, outcome: metrics });

test('the nightly run covers all due days in one run, and skips days that another worker has just finished', async () => {
  const { runs, rollDay } = recording(succeeded);
  const { nightly } = createDueRuns({
    readGaps: async (yesterday) => {
      expect(yesterday).toBe('2026-03-09');
      return { firstDay: '2026-03-08', missing: ['2026-03-09'] };
    },
    rollDay,
    now,
    newRunId: () => 'night-1',
    retry,
    onDay: () => {},
    onUnavailable: () => {},
  });
  await nightly(signal);
  expect(runs).toEqual([
    ['night-1', '2026-03-08', '2026-03-09T16:59:00.000Z'],
    ['night-1', '2026-03-09', '2026-03-09T16:59:00.000Z'],
  ]);
});

test('a failed day does not end the nightly run', async () => {
  const { runs, rollDay } = recording((day) =>
    day === '2026-03-07' ? { day, state: 'failed', attempts: 6, error: 'no' } : succeeded(day),
  );
  const results: DayResult[] = [];
  const { catchUp } = createDueRuns({
    readGaps: async () => ({ firstDay: '2026-03-01', missing: ['2026-03-07', '2026-03-09'] }),
    rollDay,
    now,
    newRunId: () => 'start-1',
    retry,
    onDay: (result) => results.push(result),
    onUnavailable: () => {},
  });
  await catchUp(signal);
  expect(runs).toHaveLength(2);
  expect(results.map(({ state }) => state)).toEqual(['failed', 'succeeded']);
});

test('an unavailable database at startup is waited for, and each failed attempt is reported', async () => {
  const { runs, rollDay } = recording(succeeded);
  let reads = 0;
  const waits: unknown[] = [];
  const { catchUp } = createDueRuns({
    readGaps: async () => {
      reads += 1;
      if (reads <= 3) throw new Error(`unavailable ${reads}`);
      return { firstDay: null, missing: ['2026-03-09'] };
    },
    rollDay,
    now,
    newRunId: () => 'start-2',
    retry,
    onDay: () => {},
    onUnavailable: (error) => waits.push(String(error)),
  });
  await catchUp(signal);
  expect(waits).toEqual(['Error: unavailable 1', 'Error: unavailable 2', 'Error: unavailable 3']);
  expect(runs).toHaveLength(1);
});

test('a stop ends the wait for the database before any day starts', async () => {
  const stopping = new AbortController();
  const { runs, rollDay } = recording(succeeded);
  const { nightly } = createDueRuns({
    readGaps: async () => {
      throw new Error('unavailable');
    },
    rollDay,
    now,
    newRunId: () => 'night-2',
    retry,
    onDay: () => {},
    onUnavailable: () => stopping.abort(),
  });
  expect(await nightly(stopping.signal)).toEqual([]);
  expect(runs).toEqual([]);
});
