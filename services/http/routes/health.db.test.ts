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

test('the verbose readiness shows the last checks, and a failed one does not make the server unready', async () => {
  const checks = [
    { name: 'model', state: 'failed', detail: 'it answered 401', fix: 'check LLM_API_KEY' },
    { name: 'identity provider', state: 'ok', detail: '2 keys' },
  ] as const;
  await using app = await serveApp({ checks: async () => checks });
  const ask = async (query: string) => {
    const response = await fetch(`${app.url}/readyz${query}`);
    return [response.status, await response.json()];
  };
  expect(await ask('?verbose')).toEqual([200, { status: 'ready', checks }]);
  expect(await ask('?verbose=1')).toEqual([200, { status: 'ready', checks }]);
  expect(await ask('')).toEqual([200, { status: 'ready' }]);
});
