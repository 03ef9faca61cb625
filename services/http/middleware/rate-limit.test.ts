import { expect, test } from 'vitest';
import { bearer, type ServedApp, serveApp } from '../../../test/kit/programs/serve-app.ts';

function ask(app: ServedApp, headers: Record<string, string>) {
  return fetch(`${app.url}/api/ai/chat`, { method: 'POST', headers, body: '{"query":"What is RAG?"}' });
}

test('a user above the limit gets 429 with Retry-After; other users are not affected', async () => {
  await using app = await serveApp({ settings: { rateLimitPerMinute: 3 }, history: async () => [] });
  const frequent = await bearer();
  for (let i = 0; i < 3; i += 1) expect((await ask(app, frequent)).status).toBe(200);
  const refused = await ask(app, frequent);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(await refused.json()).toMatchObject({ type: '/problems/too-many-requests', status: 429 });
  expect((await ask(app, await bearer())).status).toBe(200);
  expect((await fetch(`${app.url}/api/ai/dialogues`, { headers: frequent })).status).toBe(200);
});

test('invalid tokens are limited by address, and valid tokens from that address are still accepted', async () => {
  await using app = await serveApp({ settings: { rateLimitPerMinute: 2 } });
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await ask(app, { authorization: `Bearer xyzzy${i}` })).status);
  expect(statuses).toEqual([401, 401, 429, 429]);
  expect((await ask(app, await bearer())).status).toBe(200);
});

test('an IPv6 network counts as one address, and the address comes from trusted proxies only', async () => {
  const flood = async (app: ServedApp, last: string) =>
    (await ask(app, { 'x-forwarded-for': `2001:db8:1:2::${last}` })).status;
  await using behindProxy = await serveApp({ settings: { rateLimitPerMinute: 1, trustProxy: 'loopback' } });
  expect([await flood(behindProxy, '1'), await flood(behindProxy, '2')]).toEqual([401, 429]);
  expect((await ask(behindProxy, { 'x-forwarded-for': '2001:db8:ffff::1' })).status).toBe(401);
  await using alone = await serveApp({ settings: { rateLimitPerMinute: 1 } });
  expect([await flood(alone, '1'), (await ask(alone, { 'x-forwarded-for': '192.0.2.7' })).status]).toEqual([401, 429]);
});
