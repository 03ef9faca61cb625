/** GET /openapi.json and GET /problems/:name: what clients read about this API. */
import { z } from 'zod';
import { type ProblemName, problemDocument, problemTypes } from '../api/problem.ts';
import { defineRoute } from '../define-route.ts';

export const readOpenApi = defineRoute({
  id: 'readOpenApi',
  method: 'get',
  path: '/openapi.json',
  access: 'public',
  summary: 'This document',
  response: z.object({ openapi: z.string() }),
  problems: [],
  handler: async (_input, { openApi }: { readonly openApi: { readonly openapi: string } }) => openApi,
});

export const explainProblem = defineRoute({
  id: 'explainProblem',
  method: 'get',
  path: '/problems/:name',
  access: 'public',
  summary: 'Explain a problem type',
  params: z.object({ name: z.enum(Object.keys(problemTypes) as [ProblemName, ...ProblemName[]]) }),
  unknownParams: 'not-found',
  response: problemDocument,
  problems: ['not-found'],
  handler: async ({ params: { name } }) => ({ type: `/problems/${name}`, ...problemTypes[name] }),
});
