import { expect, test } from 'vitest';
import { bearer, serveApp } from '../../../test/kit/programs/serve-app.ts';

test('what needs no token is limited by address, except the liveness probe', { timeout: 120_000 }, async () => {
  await using app = await serveApp({ settings: { rateLimitPerMinute: 7 } });
  const status = async (path: string) => {
    const response = await fetch(app.url + path);
    await response.arrayBuffer();
    return response.status;
  };
  const within = await Promise.all(Array.from({ length: 600 }, () => status('/problems/internal')));
  expect(new Set(within)).toEqual(new Set([200]));
  for (const path of ['/problems/internal', '/openapi.json', '/readyz'])
    expect([path, await status(path)]).toEqual([path, 429]);
  expect(await status('/healthz')).toBe(200);
});

test('any number of readiness probes at once asks the database once', async () => {
  let asked = 0;
  const answer = Promise.withResolvers<{ ok: true }>();
  await using app = await serveApp({
    ready: () => {
      asked += 1;
      return answer.promise;
    },
  });
  const probes = Array.from({ length: 20 }, () => fetch(`${app.url}/readyz`));
  await expect.poll(() => asked).toBe(1);
  await fetch(`${app.url}/healthz`);
  answer.resolve({ ok: true });
  expect(new Set((await Promise.all(probes)).map(({ status }) => status))).toEqual(new Set([200]));
  expect(asked).toBeLessThan(20);
});

test('over TLS the cookie has the prefix __Host-, and a cookie without it is not read', async () => {
  await using app = await serveApp({ settings: { trustProxy: 'loopback' }, history: async () => [] });
  const { authorization } = await bearer();
  const token = authorization.slice('Bearer '.length);
  const tls = { 'x-forwarded-proto': 'https', 'content-type': 'application/json' };
  const signedIn = await fetch(`${app.url}/session`, { method: 'POST', headers: tls, body: JSON.stringify({ token }) });
  const cookie = signedIn.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(
    /^__Host-rag_token=[^;]+; Max-Age=86400; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
  );
  const read = (sent: string) => fetch(`${app.url}/api/ai/dialogues`, { headers: { ...tls, cookie: sent } });
  expect((await read(cookie.split(';')[0] ?? '')).status).toBe(200);
  expect((await read(`rag_token=${token}`)).status).toBe(401);
});
