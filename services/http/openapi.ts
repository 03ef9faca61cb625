/** The OpenAPI 3.1 document, made from the schemas that requests are checked with. */
import { z } from 'zod';
import { type ProblemName, problemDocument, problemTypes } from './problem.ts';
import { reply } from './reply.ts';
import { chatRequest } from './routes/chat.ts';
import { history, historyQuery } from './routes/dialogues.ts';
import { dialogueParams, voteReply, voteRequest } from './routes/feedback.ts';
import { expiringContent, expiringQuery, provenancePage, provenanceQuery } from './routes/provenance.ts';
import { dayMetrics, historyDaysQuery, metricsHistory } from './routes/rag-metrics.ts';
import { sessionRequest } from './routes/session.ts';

type Json = Record<string, unknown>;

type Operation = {
  readonly summary: string;
  readonly description?: string;
  readonly auth?: 'user' | 'admin';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: readonly Json[];
  readonly body?: z.ZodType;
  /** Absent: 204. */
  readonly reply?: z.ZodType;
  /** Media types of the reply besides JSON. */
  readonly alsoAs?: Json;
  readonly problems: readonly ProblemName[];
};

const components = { ChatRequest: chatRequest, Reply: reply, Problem: problemDocument, DayMetrics: dayMetrics };

const user: readonly ProblemName[] = ['unauthorized', 'forbidden', 'too-many-requests', 'sign-in-unavailable'];
const withBody: readonly ProblemName[] = ['bad-request', 'content-too-large', 'unsupported-media-type'];
const database: readonly ProblemName[] = ['database-unavailable'];
const always: readonly ProblemName[] = ['method-not-allowed', 'request-timeout', 'headers-too-large', 'internal'];

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'The same key with the same question gives the first answer again. A question that failed frees its key.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};

const paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/api/ai/chat': {
    post: {
      summary: 'Ask a question',
      description: 'Answered after the answer is recorded. The body may also be labelled text/plain, or not at all.',
      auth: 'user',
      headers: [idempotencyKey],
      body: chatRequest,
      reply,
      alsoAs: {
        'text/event-stream': {
          schema: { type: 'string' },
          example:
            'event: delta\ndata: {"text":"a piece of a draft"}\n\nevent: done\ndata: {the Reply}\n\nor, in its place:\n\nevent: error\ndata: {the Problem}\n\n',
        },
      },
      problems: [
        ...user,
        ...withBody,
        'not-found',
        'question-in-progress',
        'idempotency-key-reused',
        'model-unavailable',
        'overloaded',
        ...database,
      ],
    },
  },
  '/api/ai/dialogues': {
    get: {
      summary: 'Your own questions and answers',
      auth: 'user',
      query: historyQuery,
      reply: history,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/api/ai/dialogues/{id}/feedback': {
    post: {
      summary: 'Vote on an answer',
      auth: 'user',
      params: dialogueParams,
      body: voteRequest,
      reply: voteReply,
      problems: [...user, ...withBody, 'not-found', ...database],
    },
  },
  '/api/admin/rag-metrics': {
    get: { summary: 'Today so far', auth: 'admin', reply: dayMetrics, problems: [...user, ...database] },
  },
  '/api/admin/rag-metrics/history': {
    get: {
      summary: 'The last days, as the daily rollup counted them',
      auth: 'admin',
      query: historyDaysQuery,
      reply: metricsHistory,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/api/admin/provenance': {
    get: {
      summary: 'Content in use, and by which right',
      auth: 'admin',
      query: provenanceQuery,
      reply: provenancePage,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/api/admin/provenance/expiring': {
    get: {
      summary: 'Content that expires soon',
      auth: 'admin',
      query: expiringQuery,
      reply: expiringContent,
      problems: [...user, 'bad-request', ...database],
    },
  },
  '/session': {
    post: {
      summary: 'Put a token into the HttpOnly cookie that the pages use',
      body: sessionRequest,
      problems: [...withBody, 'unauthorized', 'forbidden', 'too-many-requests', 'sign-in-unavailable'],
    },
    delete: { summary: 'Take the token out of the cookie', problems: ['forbidden'] },
  },
  '/healthz': {
    get: { summary: 'Whether the process lives', reply: z.object({ status: z.literal('ok') }), problems: [] },
  },
  '/readyz': {
    get: {
      summary: 'Whether it can take questions',
      reply: z.object({ status: z.literal('ready') }),
      problems: ['not-ready'],
    },
  },
  '/openapi.json': { get: { summary: 'This document', reply: z.object({ openapi: z.string() }), problems: [] } },
  '/problems/{name}': {
    get: {
      summary: 'What a problem type means',
      params: z.object({ name: z.enum(Object.keys(problemTypes)) }),
      reply: problemDocument,
      problems: ['not-found'],
    },
  },
};

export function openApiDocument(): Json {
  return {
    openapi: '3.1.1',
    info: { title: 'rag-observatory', version: '0.1.0', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, methods]) => [
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
    ? { 200: { description: 'OK', content: { 'application/json': { schema: toSchema(op.reply) }, ...op.alsoAs } } }
    : { 204: { description: 'Done' } };
  return {
    summary: op.auth === 'admin' ? `${op.summary} (role admin)` : op.summary,
    ...(op.description !== undefined && { description: op.description }),
    security: op.auth ? [{ bearer: [] }, { cookie: [] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...(op.body && { requestBody: { required: true, content: { 'application/json': { schema: toSchema(op.body) } } } }),
    responses: { ...success, ...problemResponses([...op.problems, ...always]) },
  };
}

function problemResponses(names: readonly ProblemName[]): Json {
  const byStatus = Map.groupBy(new Set(names), (name) => problemTypes[name].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
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
