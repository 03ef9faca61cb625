/** The OpenAPI 3.1 document, generated from the declared routes. */
import { z } from 'zod';
import { createDocument, type ZodOpenApiObject, type ZodOpenApiOperationObject } from 'zod-openapi';
import pkg from '../../package.json' with { type: 'json' };
import { formType } from './api/parse-input.ts';
import { type ProblemName, problemDocument, problemTypes } from './api/problem.ts';
import { bodyProblems, commonProblems, type Route } from './define-route.ts';
import { type Access, accessProblems } from './middleware/guards.ts';

type Document = ReturnType<typeof createDocument>;

export function openApiDocument(routes: readonly Route[]): Document {
  const paths: NonNullable<ZodOpenApiObject['paths']> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: describe(route) };
  }
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'rag-observatory',
        version: pkg.version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      paths,
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'rag_token' },
          serviceKey: { type: 'http', scheme: 'bearer', description: 'The key of a service.' },
        },
      },
    },
    { allowEmptySchema: { custom: true }, override: allowNewFields },
  );
}

/** Clients must accept fields that later versions add to a reply. */
function allowNewFields({ jsonSchema, zodSchema, io }: Parameters<Override>[0]): void {
  if (io === 'output' && zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined) {
    delete jsonSchema.additionalProperties;
  }
}

type Override = Extract<
  NonNullable<NonNullable<Parameters<typeof createDocument>[1]>['override']>,
  (...args: never) => void
>;

const token = [{ bearer: [] }, { cookie: [] }];
const security: Readonly<Record<Access, ZodOpenApiOperationObject['security']>> = {
  public: [],
  'own-pages': [],
  'sign-in': [],
  user: token,
  question: token,
  admin: token,
  service: [{ serviceKey: [] }],
  'service-or-admin': [{ serviceKey: [] }, ...token],
};

function describe(route: Route): ZodOpenApiOperationObject {
  const { id, summary, description, access, params, query, headers } = route;
  const requestParams = {
    ...(params && { path: params }),
    ...(query && { query }),
    ...(headers && { header: headers }),
  };
  return {
    operationId: id,
    summary: access === 'admin' ? `${summary} (role admin)` : summary,
    ...(description !== undefined && { description }),
    security: security[access] ?? [],
    ...(Object.keys(requestParams).length > 0 && { requestParams }),
    ...requestBody(route),
    responses: { ...success(route), ...problemResponses(problemsOf(route)) },
  };
}

function requestBody({ body, acceptsForm = false }: Route): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (body === undefined) return {};
  const types = acceptsForm ? ['application/json', formType] : ['application/json'];
  return {
    requestBody: { required: true, content: Object.fromEntries(types.map((type) => [type, { schema: body }])) },
  };
}

function success({ response, responseType = 'application/json', alternatives = {} }: Route): Responses {
  if (response === undefined) return { 204: { description: 'Done' } };
  const others = Object.entries(alternatives).map(([type, { example }]) => [
    type,
    { schema: { type: 'string' }, example },
  ]);
  return {
    200: { description: 'OK', content: { [responseType]: { schema: response }, ...Object.fromEntries(others) } },
  };
}

type Responses = ZodOpenApiOperationObject['responses'];

function problemsOf(route: Route): ReadonlySet<ProblemName> {
  const { access, params, unknownParams, query, headers, body, problems } = route;
  const parsed = query !== undefined || headers !== undefined || (params !== undefined && unknownParams === undefined);
  return new Set([
    ...accessProblems[access],
    ...(body ? bodyProblems : []),
    ...(parsed ? (['bad-request'] as const) : []),
    ...problems,
    ...commonProblems,
  ]);
}

/** The statuses after which a retry may succeed. */
const retried = new Set<number>([409, 429, 503]);
const retryAfter = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' as const } } };

function problemResponses(names: ReadonlySet<ProblemName>): Responses {
  const byStatus = Map.groupBy(names, (name) => problemTypes[name].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        ...(retried.has(status) && { headers: retryAfter }),
        description: group.map((name) => `\`/problems/${name}\`: ${problemTypes[name].detail}`).join('\n\n'),
        content: { 'application/problem+json': { schema: problemDocument } },
      },
    ]),
  );
}
