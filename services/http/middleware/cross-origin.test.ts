import { expect, test } from 'vitest';
import { bearer, serveApp } from '../../../test/kit/programs/serve-app.ts';

const lms = 'https://lms.example';

function preflight(url: string, origin: string, path = '/api/ai/chat') {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type,idempotency-key,x-stainless-os',
  };
  return fetch(`${url}${path}`, { method: 'OPTIONS', headers });
}

function ask(url: string, headers: Record<string, string>) {
  return fetch(`${url}/api/ai/chat`, { method: 'POST', headers, body: '{"query":"What is RAG?"}' });
}

test('pages of a named origin may ask with a token, and read why they may not', async () => {
  await using app = await serveApp({ settings: { corsOrigins: ['https://other.example', lms] } });
  const allowed = await preflight(app.url, lms);
  expect(allowed.status).toBe(204);
  expect(Object.fromEntries(allowed.headers)).toMatchObject({
    'access-control-allow-origin': lms,
    'access-control-allow-methods': expect.stringContaining('POST'),
    'access-control-allow-headers': 'authorization,content-type,idempotency-key,x-stainless-os',
    vary: expect.stringContaining('Origin'),
  });
  expect(allowed.headers.has('access-control-allow-credentials')).toBe(false);
  const answered = await ask(app.url, { ...(await bearer()), origin: lms });
  expect(answered.status).toBe(200);
  expect(answered.headers.get('access-control-allow-origin')).toBe(lms);
  const refused = await ask(app.url, { origin: lms });
  expect(refused.status).toBe(401);
  expect(refused.headers.get('access-control-allow-origin')).toBe(lms);
  expect(refused.headers.get('access-control-expose-headers')).toMatch(/Retry-After.*WWW-Authenticate/);
});

test.each(['https://evil.example', 'https://lms.example.evil.example', 'http://lms.example', 'null'])(
  'pages of %s may not',
  async (origin) => {
    await using app = await serveApp({ settings: { corsOrigins: [lms] } });
    expect((await preflight(app.url, origin)).headers.has('access-control-allow-origin')).toBe(false);
    const answered = await ask(app.url, { ...(await bearer()), origin });
    expect(answered.headers.has('access-control-allow-origin')).toBe(false);
  },
);

test('pages and sign-in are never shared, and without the setting nothing is', async () => {
  await using open = await serveApp({ settings: { corsOrigins: ['*'] } });
  expect((await preflight(open.url, lms)).headers.get('access-control-allow-origin')).toBe('*');
  expect((await preflight(open.url, lms, '/session')).headers.has('access-control-allow-origin')).toBe(false);
  await using closed = await serveApp();
  expect((await preflight(closed.url, lms)).headers.has('access-control-allow-origin')).toBe(false);
});
