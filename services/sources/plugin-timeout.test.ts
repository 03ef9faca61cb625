import { expect, test } from 'vitest';
import { withTimeout } from './plugin-timeout.ts';
import { SourceError } from './source-error.ts';

test('work that fails because it was told to end, before anybody waits for it, ends no program', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', hear);
  try {
    const signal = AbortSignal.abort(new Error('told to end'));
    await expect(withTimeout(Promise.reject(new Error('the work')), 1_009, signal)).rejects.toThrow('told to end');
    // Node tells of what nobody heard once the microtasks are done.
    await new Promise((resolve) => setImmediate(resolve));
    expect(unheard).toEqual([]);
  } finally {
    process.off('unhandledRejection', hear);
  }
});

test('what does not answer in time is told as a fault of the source, and an answer in time is given', async () => {
  const { signal } = new AbortController();
  const never = new Promise(() => {});
  await expect(withTimeout(never, 7, signal)).rejects.toThrow(new SourceError('has not answered for 0.007 seconds'));
  expect(await withTimeout(Promise.resolve('tide'), 1_009, signal)).toBe('tide');
});
