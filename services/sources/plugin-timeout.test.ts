import { expect, test } from 'vitest';
import { withTimeout } from './plugin-timeout.ts';
import { SourceError } from './source-error.ts';

test('a call that fails after its signal is aborted causes no unhandled rejection', async () => {
  const unhandled: unknown[] = [];
  const collect = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', collect);
  try {
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(withTimeout(Promise.reject(new Error('the work')), 1_009, signal)).rejects.toThrow('stopped');
    // Node emits unhandledRejection after the microtasks have run.
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', collect);
  }
});

test('a call that exceeds the timeout fails with a source error, and one that ends in time returns its value', async () => {
  const { signal } = new AbortController();
  const never = new Promise(() => {});
  await expect(withTimeout(never, 7, signal)).rejects.toThrow(new SourceError('has not answered for 0.007 seconds'));
  expect(await withTimeout(Promise.resolve('tide'), 1_009, signal)).toBe('tide');
});
