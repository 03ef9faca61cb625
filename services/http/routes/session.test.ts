import { expect, test } from 'vitest';
import { bearer, serveApp } from '../../../test/kit/programs/serve-app.ts';

async function token() {
  return (await bearer()).authorization.slice('Bearer '.length);
}

test('signing in sets an HttpOnly, same-site cookie; signing out clears it', async () => {
  await using app = await serveApp({ history: async () => [] });
  const url = `${app.url}/session`;
  const signedIn = await fetch(url, { method: 'POST', body: JSON.stringify({ token: await token() }) });
  expect(signedIn.status).toBe(204);
  const cookie = signedIn.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^rag_token=[\w.-]+; Max-Age=86400; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
  const headers = { cookie: cookie.split(';')[0] ?? '' };
  expect((await fetch(`${app.url}/api/ai/dialogues`, { headers })).status).toBe(200);
  const signedOut = await fetch(url, { method: 'DELETE', headers });
  expect(signedOut.headers.get('set-cookie')).toMatch(/^rag_token=; .*Expires=Thu, 01 Jan 1970/);
});

test.each([
  ['/dashboard/metrics', '/dashboard/metrics'],
  ['https://evil.example/', '/'],
  ['//evil.example', '/'],
])('a form with next=%s redirects to %s', async (next, location) => {
  await using app = await serveApp();
  const body = new URLSearchParams({ token: await token(), next });
  const response = await fetch(`${app.url}/session`, { method: 'POST', body, redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([303, location]);
});

test('an invalid token sets no cookie, and other sites cannot sign users in', async () => {
  await using app = await serveApp();
  const post = async (sent: string, headers = {}) =>
    fetch(`${app.url}/session`, { method: 'POST', body: JSON.stringify({ token: sent }), headers });
  const bad = await post('xyzzy');
  expect([bad.status, bad.headers.get('set-cookie')]).toEqual([401, null]);
  const cross = await post(await token(), { origin: 'https://evil.example' });
  expect([cross.status, cross.headers.get('set-cookie')]).toEqual([403, null]);
  expect((await post('')).status).toBe(400);
  expect((await post('x'.repeat(3_901))).status).toBe(400);
});

test('behind a TLS proxy the cookie is Secure', async () => {
  await using app = await serveApp({ settings: { trustProxy: 'loopback' } });
  const headers = { 'x-forwarded-proto': 'https' };
  const body = JSON.stringify({ token: await token() });
  const response = await fetch(`${app.url}/session`, { method: 'POST', headers, body });
  expect(response.headers.get('set-cookie')).toMatch(/; Secure/);
});
