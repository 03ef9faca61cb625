/** The OpenAPI 3.1 document, made from the schemas that requests are checked with. */
import { z } from 'zod';
import pkg from '../../../package.json' with { type: 'json' };
import { reply } from '../api/chat-reply.ts';
import { type ProblemName, problemDocument, problemTypes } from '../api/problem.ts';
import { dayReport } from '../routes/admin/rag-metrics.ts';
import { chatRequest } from '../routes/chat.ts';
import { always, type Json, type Operation } from './operation.ts';
import { operations } from './operations.ts';

const components = { ChatRequest: chatRequest, Reply: reply, Problem: problemDocument, DayReport: dayReport };

export function openApiDocument(): Json {
  return {
    openapi: '3.1.1',
    info: { title: 'rag-observatory', version: pkg.version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths: Object.fromEntries(
      Object.entries(operations).map(([path, methods]) => [
        path,
        Object.fromEntries(Object.entries(methods).map(([method, op]) => [method, describe(op)])),
      ]),
    ),
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'rag_token' },
      },
    },
  };
}

function describe(op: Operation): Json {
  const parameters = [...inPlace('path', op.params), ...inPlace('query', op.query), ...(op.headers ?? [])];
  const success = op.reply
    ? {
        200: {
          description: 'OK',
          content: { [op.replyType ?? 'application/json']: { schema: toSchema(op.reply) }, ...op.alsoAs },
        },
      }
    : { 204: { description: 'Done' } };
  return {
    operationId: op.id,
    summary: op.auth === 'admin' ? `${op.summary} (role admin)` : op.summary,
    ...(op.description !== undefined && { description: op.description }),
    security: op.auth ? [{ bearer: [] }, { cookie: [] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...(op.body && { requestBody: { required: true, content: { 'application/json': { schema: toSchema(op.body) } } } }),
    responses: { ...success, ...problemResponses([...op.problems, ...always]) },
  };
}

/** The statuses after which asking again may help. */
const retried = new Set<number>([409, 429, 503]);
const retryAfter = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } };

function problemResponses(names: readonly ProblemName[]): Json {
  const byStatus = Map.groupBy(new Set(names), (name) => problemTypes[name].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        ...(retried.has(status) && { headers: retryAfter }),
        description: group.map((name) => `\`/problems/${name}\`: ${problemTypes[name].detail}`).join('\n\n'),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function inPlace(place: 'path' | 'query', object: z.ZodObject | undefined): Json[] {
  return Object.entries(object?.shape ?? {}).map(([name, schema]) => {
    const { description, ...rest } = toSchema(schema as z.ZodType);
    const required = place === 'path';
    return { name, in: place, required, ...(description !== undefined && { description }), schema: rest };
  });
}

function toSchema(schema: z.ZodType): Json {
  const name = Object.entries(components).find(([, component]) => component === schema)?.[0];
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  return plain(schema);
}

function componentSchemas(): Json {
  return Object.fromEntries(Object.entries(components).map(([name, schema]) => [name, plain(schema)]));
}

/** `unrepresentable`: instants tell their JSON form themselves. */
function plain(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
