import { expect, test } from 'vitest';
import { bearer, serveApp } from '../../test/kit/programs/serve-app.ts';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const message = (content: string) => `{"messages":[{"role":"user","content":${content}}]}`;

test.each([
  ['/api/ai/chat', `{"query":${nested(30_000)}}`],
  ['/api/ai/chat', `{"query":"What is RAG?","filters":${nested(30_000)}}`],
  ['/v1/chat/completions', message(nested(400_000))],
  ['/v1/chat/completions', `{"messages":${nested(400_000)}}`],
])('%s answers 400 to JSON that is nested too deeply', async (path, body) => {
  await using app = await serveApp();
  const response = await fetch(app.url + path, { method: 'POST', headers: await bearer(), body });
  expect(response.status).toBe(400);
  expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
});

test.each(['__proto__', 'constructor', 'prototype', 'toString'])(
  'the key %s changes no object of the program',
  async (key) => {
    await using app = await serveApp();
    const headers = { ...(await bearer()), 'content-type': 'application/json' };
    const own = await fetch(`${app.url}/api/ai/chat`, {
      method: 'POST',
      headers,
      body: `{"query":"What is RAG?","${key}":{"polluted":true},"filters":{"${key}":{"polluted":true}}}`,
    });
    expect([400, 200]).toContain(own.status);
    const completed = await fetch(`${app.url}/v1/chat/completions`, {
      method: 'POST',
      headers,
      body: `{"messages":[{"role":"user","content":"What is RAG?","${key}":{"polluted":true}}],"${key}":{"polluted":true}}`,
    });
    expect(completed.status).toBe(200);
    expect((await fetch(`${app.url}/problems/${key}`)).status).toBe(404);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  },
);

test('an HTML answer, title or question is never sent as HTML', async () => {
  await using app = await serveApp();
  const body = JSON.stringify({ query: '<script>alert(1)</script>' });
  const response = await fetch(`${app.url}/api/ai/chat`, { method: 'POST', headers: await bearer(), body });
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});
