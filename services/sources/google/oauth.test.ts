import { expect, test } from 'vitest';
import { holdToken } from './oauth.ts';

function counting() {
  let fetched = 0;
  return { held: holdToken(async () => `token-${++fetched}`), fetched: () => fetched };
}

test('a token is fetched when it is first needed, and once for all who ask at the same time or later', async () => {
  const { held, fetched } = counting();
  expect(fetched()).toBe(0);
  expect(await Promise.all([held.get(), held.get(), held.get()])).toEqual(['token-1', 'token-1', 'token-1']);
  expect([await held.get(), fetched()]).toEqual(['token-1', 1]);
});

test('one that was refused is fetched anew, once, also where several were refused with it', async () => {
  const { held, fetched } = counting();
  const first = await held.get();
  expect(await Promise.all([held.get(first), held.get(first), held.get()])).toEqual(['token-2', 'token-2', 'token-2']);
  // Somebody slow was refused with what is not held any more.
  expect([await held.get(first), fetched()]).toEqual(['token-2', 2]);
});

test('where fetching fails, those who wait are told, and the next who asks tries again', async () => {
  let tries = 0;
  const held = holdToken(async () => {
    if (++tries === 1) throw new Error('the service is away');
    return `token-${tries}`;
  });
  const asked = await Promise.allSettled([held.get(), held.get()]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([await held.get(), tries]).toEqual(['token-2', 2]);
});
