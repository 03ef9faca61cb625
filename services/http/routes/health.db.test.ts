import { expect, test } from 'vitest';
import { z } from 'zod';
import { serveApp } from '../../../test/kit/programs/serve-app.ts';

test('readiness follows the database and returns the reason why not', async () => {
  const answers: (() => Promise<{ ok: true } | { ok: false; reason: string }>)[] = [
    async () => ({ ok: true }),
    async () => ({ ok: false, reason: 'migrations are running' }),
    () => Promise.reject(new Error('a secret password')),
    () => new Promise(() => {}),
  ];
  await using app = await serveApp({ ready: () => (answers.shift() as (typeof answers)[number])() });
  const ask = async () => {
    const response = await fetch(`${app.url}/readyz`);
    const { detail } = z.object({ detail: z.string().optional() }).parse(await response.json());
    return [response.status, detail];
  };
  expect(await ask()).toEqual([200, undefined]);
  expect(await ask()).toEqual([503, 'Not ready: migrations are running.']);
  expect(await ask()).toEqual([503, 'Not ready: the database is unavailable.']);
  expect(await ask()).toEqual([503, 'Not ready: the database does not respond.']);
});
