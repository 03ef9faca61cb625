import { expect, test } from 'vitest';
import { keepRecent } from './keep-recent.ts';

/** Each read takes `tookMs` of a clock that the test moves, and returns its number. */
function counting() {
  const state = { now: 0, tookMs: 0, reads: 0, fails: false };
  const recent = keepRecent(
    async (key) => {
      state.reads += 1;
      const { reads } = state;
      await Promise.resolve();
      state.now += state.tookMs;
      if (state.fails) throw new Error('unavailable');
      return `${key} ${reads}`;
    },
    () => state.now,
  );
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { state, recent, settled };
}

test('what reads quickly is read for every caller', async () => {
  const { state, recent } = counting();
  state.tookMs = 1_000;
  expect([await recent(null), await recent(null), await recent('shop')]).toEqual(['null 1', 'null 2', 'shop 3']);
  state.fails = true;
  await expect(recent(null)).rejects.toThrow('unavailable');
});

test('what reads slowly is answered from memory, and read again behind the caller in a tenth of the time', async () => {
  const { state, recent, settled } = counting();
  state.tookMs = 3_000;
  expect(await recent(null)).toBe('null 1');
  state.now += 30_000;
  expect(await recent(null)).toBe('null 1');
  expect(state.reads).toBe(1);
  state.now += 1;
  expect([await recent(null), await recent(null)]).toEqual(['null 1', 'null 1']);
  await settled();
  expect(state.reads).toBe(2);
  expect(await recent(null)).toBe('null 2');
});

test('while reading again fails, the last result stays', async () => {
  const { state, recent, settled } = counting();
  state.tookMs = 3_000;
  await recent(null);
  state.fails = true;
  state.now += 60_000;
  expect(await recent(null)).toBe('null 1');
  await settled();
  state.fails = false;
  expect(await recent(null)).toBe('null 1');
  await settled();
  expect(await recent(null)).toBe('null 3');
});

test('a first read that takes long is shared by those who come meanwhile', async () => {
  const { state, recent } = counting();
  state.tookMs = 3_000;
  const first = recent(null);
  state.now += 1_001;
  expect(await Promise.all([first, recent(null)])).toEqual(['null 1', 'null 1']);
  expect(state.reads).toBe(1);
});
