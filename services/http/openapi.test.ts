import { randomUUID } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { answeredTurn } from '../../test/kit/data/answered-turn.ts';
import { bearer, serveApp } from '../../test/kit/programs/serve-app.ts';
import { replyOf } from './api/chat-reply.ts';
import { problemTypes } from './api/problem.ts';
import { defineRoute } from './define-route.ts';
import { openApiDocument } from './openapi.ts';
import { routes } from './routes/routes.ts';

type Method = { responses: Record<string, unknown>; requestBody?: unknown };
type OpenApi = {
  openapi: string;
  paths: Record<string, Record<string, Method>>;
  components: { schemas: Record<string, z.core.JSONSchema.JSONSchema> };
};

async function served(url: string) {
  return (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi;
}

test('the document describes exactly the mounted routes; other methods are answered 405 with Allow', async () => {
  await using app = await serveApp();
  const { openapi, paths } = await served(app.url);
  expect(openapi).toMatch(/^3\.1\./);
  const templates = app.routes.map((path) => path.replace(/:(\w+)/g, '{$1}'));
  expect(Object.keys(paths).sort()).toEqual(templates.sort());
  for (const [template, methods] of Object.entries(paths)) {
    const path = template.replace('{id}', randomUUID()).replace('{name}', 'internal');
    const allowed = Object.keys(methods).flatMap((method) =>
      method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
    );
    const refused = await fetch(app.url + path, { method: 'REPORT' });
    expect([template, refused.status, refused.headers.get('content-type')]).toEqual([
      template,
      405,
      `application/${template.startsWith('/v1/') ? '' : 'problem+'}json; charset=utf-8`,
    ]);
    expect(refused.headers.get('allow')?.split(', ')).toEqual([...allowed, 'OPTIONS'].sort());
    const options = await fetch(app.url + path, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, refused.headers.get('allow')]);
    if (!('get' in methods)) expect((await fetch(app.url + path, { method: 'HEAD' })).status).toBe(405);
  }
});

test('every problem type is documented, and its type resolves to an explanation', async () => {
  await using app = await serveApp();
  const text = JSON.stringify((await served(app.url)).paths);
  for (const name of Object.keys(problemTypes)) {
    expect(text).toContain(`/problems/${name}`);
    expect(await (await fetch(`${app.url}/problems/${name}`)).json()).toMatchObject({ type: `/problems/${name}` });
  }
  expect((await fetch(`${app.url}/problems/constructor`)).status).toBe(404);
});

test('responses match the published schemas', async () => {
  await using app = await serveApp({ ready: async () => ({ ok: false, reason: 'the database is unavailable' }) });
  const { schemas } = (await served(app.url)).components;
  const schema = (name: string) => z.fromJSONSchema(schemas[name] ?? {});
  expect(schema('Reply').safeParse(replyOf(answeredTurn({ costJpy: null, license: null }))).error).toBeUndefined();
  expect(schema('Reply').safeParse({ ...replyOf(answeredTurn()), outcome: 'maybe' }).success).toBe(false);
  expect(schema('ChatRequest').safeParse({ query: 'What is RAG?', extra: 1 }).success).toBe(false);
  const refused = [
    await fetch(`${app.url}/nowhere`),
    await fetch(`${app.url}/readyz`),
    await fetch(`${app.url}/api/ai/chat`, { method: 'POST' }),
    await fetch(`${app.url}/api/ai/chat`, { method: 'POST', headers: await bearer(), body: '{"query":7,"x":1}' }),
  ];
  for (const response of refused) {
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(schema('Problem').safeParse(await response.json()).error).toBeUndefined();
  }
  expect(refused.map(({ status }) => status)).toEqual([404, 503, 401, 400]);
});

test('no path causes a status of 500 or above', async () => {
  await using app = await serveApp();
  const piece = fc.constantFrom(
    'api',
    'ai',
    'chat',
    'dialogues',
    'feedback',
    'problems',
    '..',
    '%',
    '%2e',
    '%c3',
    '*',
    ':id',
    '?',
    '&=',
    '',
  );
  const path = fc.oneof(
    fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('/')),
    fc.webPath(),
    fc.string().map(encodeURI.bind(null)),
  );
  await fc.assert(
    fc.asyncProperty(path, async (requested) => {
      const response = await fetch(`${app.url}/${requested}`);
      expect(response.status).toBeLessThan(500);
      await response.arrayBuffer();
    }),
    { numRuns: 100 },
  );
});

test('pages may load and run only resources of this server, and may not be framed', async () => {
  await using app = await serveApp();
  const { headers } = await fetch(`${app.url}/healthz`);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('a validator of OpenAPI 3.1 accepts the document', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(openApiDocument(routes))));
  expect([valid, errors, validator.version]).toEqual([true, undefined, '3.1']);
});

test('a route that accepts forms describes both types of its body', () => {
  const { post } = openApiDocument(routes).paths?.['/session'] ?? {};
  const types = Object.keys((post?.requestBody as { content: object } | undefined)?.content ?? {});
  expect(types).toEqual(['application/json', 'application/x-www-form-urlencoded']);
});

test('a route that parses only headers may reply bad-request', () => {
  const route = defineRoute({
    id: 'readThing',
    method: 'get',
    path: '/thing',
    access: 'public',
    summary: 'Read a thing',
    headers: z.object({ 'x-thing': z.string() }),
    problems: [],
    handler: async () => undefined,
  });
  const { get } = openApiDocument([route]).paths?.['/thing'] ?? {};
  expect(JSON.stringify(get?.responses?.['400'])).toContain('/problems/bad-request');
});

test('every route has its own operationId', () => {
  expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
});
