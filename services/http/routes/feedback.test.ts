import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { bearer, serveApp } from '../../../test/kit/programs/serve-app.ts';
import { ServiceFailure } from '../../failure/service-failure.ts';
import { problemDocument } from '../api/problem.ts';

const dialogueId = randomUUID();

test.each([-1, 0, 1])('a vote of %i is saved for the user', async (vote) => {
  const saved: unknown[] = [];
  const userId = randomUUID();
  await using app = await serveApp({
    vote: async (...args) => {
      saved.push(args);
      return 'ok';
    },
  });
  const url = `${app.url}/api/ai/dialogues/${dialogueId.toUpperCase()}/feedback`;
  const response = await fetch(url, {
    method: 'POST',
    headers: await bearer({ id: userId }),
    body: JSON.stringify({ vote }),
  });
  expect(await response.json()).toEqual({ id: dialogueId, vote });
  expect(saved).toEqual([[userId, dialogueId, vote]]);
});

test.each([
  [dialogueId, '{"vote":2}', 400, 'vote'],
  [dialogueId, '{"vote":"1"}', 400, 'vote'],
  [dialogueId, '{"vote":null}', 400, 'vote'],
  [dialogueId, '{}', 400, 'vote'],
  [dialogueId, '{"vote":1,"comment":"thanks"}', 400, 'comment'],
  [dialogueId, '1', 400, 'body'],
  ['the-last-one', '{"vote":1}', 400, 'id'],
  [dialogueId, '{"vote":1}', 404, undefined],
])('a vote on %s with %s is answered %i', async (id, body, status, field) => {
  await using app = await serveApp({ vote: async () => 'not_found' });
  const url = `${app.url}/api/ai/dialogues/${id}/feedback`;
  const response = await fetch(url, { method: 'POST', headers: await bearer(), body });
  expect(response.status).toBe(status);
  expect(problemDocument.parse(await response.json()).errors?.[0]?.field).toBe(field);
});

test.each([
  [new ServiceFailure('database_unavailable', 'the pool is empty'), 503, '5', 'warn'],
  [new Error('duplicate key: (yuki@example.com)'), 500, null, 'error'],
  [Object.assign(new Error('yuki@example.com is unknown'), { status: 404 }), 500, null, 'error'],
])(
  'a vote that fails with "%s" is answered %i without details and is logged',
  async (failure, status, retryAfter, level) => {
    await using app = await serveApp({ vote: () => Promise.reject(failure) });
    const url = `${app.url}/api/ai/dialogues/${dialogueId}/feedback`;
    const response = await fetch(url, { method: 'POST', headers: await bearer(), body: '{"vote":1}' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
    const text = await response.text();
    expect(text).not.toContain(failure.message);
    expect(problemDocument.parse(JSON.parse(text)).detail).toMatch(
      status === 500 ? /^internal error$/ : /database is unavailable/,
    );
    const [line, ...others] = app.log.filter((each) => each.level !== 'info');
    expect(line).toMatchObject({ level, fields: { route: '/api/ai/dialogues/:id/feedback' } });
    expect(others).toEqual([]);
  },
);
