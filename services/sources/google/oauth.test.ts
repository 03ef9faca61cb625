import { expect, test } from 'vitest';
import { holdToken } from './oauth.ts';

function counting() {
  let fetched = 0;
  return { held: holdToken(async () => `token-${++fetched}`), fetched: () => fetched };
}

test('a token is requested when it is first needed, once for concurrent and later callers', async () => {
  const { held, fetched } = counting();
  expect(fetched()).toBe(0);
  expect(await Promise.all([held.get(), held.get(), held.get()])).toEqual(['token-1', 'token-1', 'token-1']);
  expect([await held.get(), fetched()]).toEqual(['token-1', 1]);
});

test('a rejected token is replaced once, even if several requests were rejected with it', async () => {
  const { held, fetched } = counting();
  const first = await held.get();
  expect(await Promise.all([held.get(first), held.get(first), held.get()])).toEqual(['token-2', 'token-2', 'token-2']);
  // A slow request was rejected with a token that has already been replaced.
  expect([await held.get(first), fetched()]).toEqual(['token-2', 2]);
});

test('a failed token request rejects all waiting callers, and the next call tries again', async () => {
  let tries = 0;
  const held = holdToken(async () => {
    if (++tries === 1) throw new Error('the service is unavailable');
    return `token-${tries}`;
  });
  const results = await Promise.allSettled([held.get(), held.get()]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([await held.get(), tries]).toEqual(['token-2', 2]);
});
