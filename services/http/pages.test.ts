import { expect, test } from 'vitest';
import { bearer, serveApp } from '../../test/kit/serve-app.ts';
import { ChatFailure } from '../chat/failure.ts';
import { mountPages } from './pages.ts';

const away = () => Promise.reject(new ChatFailure('database_unavailable', 'away', {}));

function serve(embedded: boolean) {
  return serveApp({
    settings: { embedded },
    pages: (router, context) => mountPages(router, context, { ragMetrics: away, ragMetricsHistory: away }),
  });
}

test.each(['/', '/dashboard/metrics'])('a stranger gets the token form of %s and nothing else', async (path) => {
  await using app = await serve(false);
  const response = await fetch(app.url + path);
  expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null]);
  const page = await response.text();
  expect(page).toContain(`<input type="hidden" name="next" value="${path}">`);
  expect(page).not.toContain('data-testid');
});

test('the person at this machine is signed in by the page that asks, and by nothing else', async () => {
  await using app = await serve(true);
  expect((await fetch(`${app.url}/`)).headers.get('set-cookie')).toMatch(/^rag_token=.*HttpOnly; SameSite=Strict$/);
  expect((await fetch(`${app.url}/dashboard/metrics`)).headers.get('set-cookie')).toBeNull();
  const proxied = await fetch(`${app.url}/`, { headers: { 'x-forwarded-for': '192.0.2.7' } });
  expect([proxied.status, proxied.headers.get('set-cookie')]).toEqual([401, null]);
});

test('a database that is away is told as a page, with the time to wait, to whoever may see the numbers', async () => {
  await using app = await serve(false);
  const response = await fetch(`${app.url}/dashboard/metrics`, { headers: await bearer({ role: 'learner' }) });
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await response.text()).toContain('<h1 id="problem-title">Database unavailable</h1>');
});

test.each([
  ['ja,en;q=0.5', 'ja'],
  ['en-GB,ja;q=0.9', 'en'],
  ['fr', 'en'],
  ['', 'en'],
])('a browser that asks for "%s" gets the page in %s', async (accepted, language) => {
  await using app = await serve(true);
  const page = await (await fetch(`${app.url}/`, { headers: { 'accept-language': accepted } })).text();
  expect(page).toContain(`<html lang="${language}">`);
});

test('everything a page loads is served from here, kept for good under its version and for no time under another', async () => {
  await using app = await serve(true);
  const page = await fetch(`${app.url}/`);
  expect(page.headers.get('cache-control')).toBe('no-store');
  const loaded = [...(await page.text()).matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, url]) => url ?? '');
  const files = [...new Set(loaded)].filter((url) => url.startsWith('/page/'));
  expect(loaded.filter((url) => !url.startsWith('/'))).toEqual([]);
  expect(files.length).toBeGreaterThan(4);
  for (const file of files) {
    const response = await fetch(app.url + file);
    expect([file, response.status]).toEqual([file, 200]);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toMatch(/^(text\/(css|javascript); charset=utf-8|image\/svg\+xml)/);
  }
  const stale = await fetch(`${app.url}/page/older/ask.js`);
  expect([stale.status, stale.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  for (const path of ['/page/older/tsconfig.json', '/page/older/..%2fpages.ts', '/page/older/']) {
    expect((await fetch(app.url + path)).status).toBe(404);
  }
});
