import { expect, test } from 'vitest';
import { serveApp } from '../../../test/kit/serve-app.ts';

test('readiness follows the database, and says why not', async () => {
  const answers: (() => Promise<{ ok: true } | { ok: false; reason: string }>)[] = [
    async () => ({ ok: true }),
    async () => ({ ok: false, reason: 'migrations are running' }),
    () => Promise.reject(new Error('password of somebody')),
    () => new Promise(() => {}),
  ];
  await using app = await serveApp({ ready: () => (answers.shift() as (typeof answers)[number])() });
  const ask = async () => {
    const response = await fetch(`${app.url}/readyz`);
    return [response.status, (await response.json()).detail];
  };
  expect(await ask()).toEqual([200, undefined]);
  expect(await ask()).toEqual([503, 'Not ready: migrations are running.']);
  expect(await ask()).toEqual([503, 'Not ready: the database is away.']);
  expect(await ask()).toEqual([503, 'Not ready: the database does not answer.']);
});
