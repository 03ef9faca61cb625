/** /api/admin/services: the applications whose turns are recorded. */
import { z } from 'zod';
import { type Mask, maskFault } from '../../../intake/mask-texts.ts';
import { badField, Problem } from '../../api/problem.ts';
import { instant } from '../../api/schemas.ts';
import { defineRoute } from '../../define-route.ts';
import { noService, serviceName } from '../services/own-service.ts';

const mask = z.strictObject({
  pattern: z
    .string({ error: 'must be a regular expression' })
    .max(1_000)
    .meta({ description: 'Of JavaScript, with the flags g and u.' }),
  replacement: z.string({ error: 'must be a text' }).max(200),
});

const service = z.object({
  name: z.string(),
  requestsPerMinute: z.int().meta({ description: 'Accepted by each server.' }),
  noAnswerPhrases: z
    .array(z.string())
    .readonly()
    .meta({ description: 'An answer that contains one of them is "not found".' }),
  masks: z.array(mask).readonly().meta({ description: 'Replaced in texts before they are stored.' }),
  keys: z.int().meta({ description: 'Keys that are not revoked.' }),
  createdAt: instant,
  removedAt: instant.nullable(),
});

type Service = z.output<typeof service>;

const params = z.strictObject({ name: serviceName });

const serviceChange = z.strictObject(
  {
    requestsPerMinute: z.int({ error: 'must be a whole number' }).min(1).max(1_000_000).optional(),
    noAnswerPhrases: z.array(z.string().min(2).max(200)).max(100).optional(),
    masks: z.array(mask).max(50).optional(),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

export type ServiceChange = z.output<typeof serviceChange>;

const newService = z.strictObject(
  { name: serviceName },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

const newKey = z.object({
  service: z.string(),
  keyId: z.guid(),
  key: z.string().meta({ description: 'Shown once. Only its hash is stored.' }),
});

/** Each function throws {ServiceFailure} `database_unavailable`; null or false: there is no such service. */
export type Services = {
  readonly list: () => Promise<readonly Service[]>;
  /** 'exists': another service has the name. */
  readonly add: (name: string) => Promise<z.output<typeof newKey> | 'exists'>;
  readonly change: (name: string, change: ServiceChange) => Promise<boolean>;
  readonly remove: (name: string) => Promise<boolean>;
  readonly keys: (name: string) => Promise<readonly z.output<typeof serviceKey>[] | null>;
  /** @param others what happens to the other keys of the service */
  readonly addKey: (name: string, others: 'keep' | 'revoke') => Promise<z.output<typeof newKey> | null>;
  readonly revokeKey: (name: string, id: string) => Promise<boolean>;
};

type ServiceDependencies = { readonly services: Services };

export const listServices = defineRoute({
  id: 'listServices',
  method: 'get',
  path: '/api/admin/services',
  access: 'admin',
  summary: 'List services, removed ones included',
  response: z.object({ services: z.array(service).readonly() }),
  problems: ['database-unavailable'],
  handler: async (_input, { services }: ServiceDependencies) => ({ services: await services.list() }),
});

export const addService = defineRoute({
  id: 'addService',
  method: 'post',
  path: '/api/admin/services',
  access: 'admin',
  summary: 'Add a service and make its first key',
  body: newService,
  response: newKey,
  problems: ['database-unavailable'],
  async handler({ body }, { services }: ServiceDependencies) {
    const added = await services.add(body.name);
    if (added === 'exists') {
      throw badField('name', 'belongs to a service already; POST /api/admin/services/{name}/keys makes another key');
    }
    return added;
  },
});

export const changeService = defineRoute({
  id: 'changeService',
  method: 'patch',
  path: '/api/admin/services/:name',
  access: 'admin',
  summary: 'Change the rate limit, the phrases of "no answer" or the masks of a service',
  description: 'Omitted fields keep their value. Servers apply a change within five seconds.',
  params,
  body: serviceChange,
  response: service,
  problems: ['not-found', 'database-unavailable'],
  async handler({ params: { name }, body }, { services }: ServiceDependencies) {
    refuseFaultyMasks(body.masks ?? []);
    if (!(await services.change(name, body))) throw noService(name);
    const changed = (await services.list()).find((each) => each.name === name);
    if (changed === undefined) throw noService(name);
    return changed;
  },
});

export const removeService = defineRoute({
  id: 'removeService',
  method: 'delete',
  path: '/api/admin/services/:name',
  access: 'admin',
  summary: 'Remove a service: its keys stop working, its turns stay',
  params,
  problems: ['not-found', 'database-unavailable'],
  async handler({ params: { name } }, { services }: ServiceDependencies) {
    if (!(await services.remove(name))) throw noService(name);
    return undefined;
  },
});

function refuseFaultyMasks(masks: readonly Mask[]): void {
  for (const [index, each] of masks.entries()) {
    const fault = maskFault(each);
    if (fault !== null) throw badField(`masks.${index}.pattern`, fault);
  }
}

const keyParams = z.strictObject({ name: serviceName, id: z.guid({ error: 'must be a UUID' }) });

const serviceKey = z.object({
  id: z.guid(),
  prefix: z.string().meta({ description: 'The first characters of the key.' }),
  createdAt: instant,
  lastUsedAt: instant.nullable().meta({ description: 'To the minute. Null: never.' }),
  revokedAt: instant.nullable(),
});

export const listServiceKeys = defineRoute({
  id: 'listServiceKeys',
  method: 'get',
  path: '/api/admin/services/:name/keys',
  access: 'admin',
  summary: 'List the keys of a service',
  params,
  response: z.object({ keys: z.array(serviceKey).readonly() }),
  problems: ['not-found', 'database-unavailable'],
  async handler({ params: { name } }, { services }: ServiceDependencies) {
    const keys = await services.keys(name);
    if (keys === null) throw noService(name);
    return { keys };
  },
});

export const addServiceKey = defineRoute({
  id: 'addServiceKey',
  method: 'post',
  path: '/api/admin/services/:name/keys',
  access: 'admin',
  summary: 'Make a key of a service, and optionally revoke its other keys',
  params,
  body: z.strictObject({ revokeOthers: z.boolean({ error: 'must be true or false' }).default(false) }),
  response: newKey,
  problems: ['not-found', 'database-unavailable'],
  async handler({ params: { name }, body }, { services }: ServiceDependencies) {
    const added = await services.addKey(name, body.revokeOthers ? 'revoke' : 'keep');
    if (added === null) throw noService(name);
    return added;
  },
});

export const revokeServiceKey = defineRoute({
  id: 'revokeServiceKey',
  method: 'delete',
  path: '/api/admin/services/:name/keys/:id',
  access: 'admin',
  summary: 'Revoke a key; servers refuse it within five seconds',
  params: keyParams,
  problems: ['not-found', 'database-unavailable'],
  async handler({ params: { name, id } }, { services }: ServiceDependencies) {
    if (!(await services.revokeKey(name, id))) {
      throw new Problem('not-found', { detail: `${name} has no such key, or it is revoked already.` });
    }
    return undefined;
  },
});
