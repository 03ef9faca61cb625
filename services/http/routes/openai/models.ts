/** GET /v1/models: the one model of this service, in the form of the OpenAI API. */
import { z } from 'zod';
import { defineRoute } from '../../define-route.ts';
import { modelId } from './completion.ts';

const model = z
  .object({ id: z.string(), object: z.literal('model'), created: z.int(), owned_by: z.string() })
  .meta({ id: 'Model' });

/** Clients require a time. The model of the operator has none that is known here. */
const onlyModel = { id: modelId, object: 'model' as const, created: 0, owned_by: 'rag-observatory' };

export const listModels = defineRoute({
  id: 'listModels',
  method: 'get',
  path: '/v1/models',
  access: 'user',
  summary: 'List the model in the form of the OpenAI API',
  response: z.object({ object: z.literal('list'), data: z.array(model) }),
  problems: [],
  handler: async () => ({ object: 'list' as const, data: [onlyModel] }),
});

export const readModel = defineRoute({
  id: 'readModel',
  method: 'get',
  path: '/v1/models/:model',
  access: 'user',
  summary: 'Read the model in the form of the OpenAI API',
  params: z.object({ model: z.literal(modelId) }),
  unknownParams: 'not-found',
  response: model,
  problems: ['not-found'],
  handler: async () => onlyModel,
});
