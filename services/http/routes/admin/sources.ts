/** /api/admin/plugins: the status and configuration of content sources. */
import { z } from 'zod';
import { capabilities, type Health, healthStatuses, type SourceStatus } from '../../../provenance/source.ts';
import { badField, Problem } from '../../api/problem.ts';
import { instant } from '../../api/schemas.ts';
import { defineRoute, responseSent } from '../../define-route.ts';

const pluginParams = z.strictObject({
  source: z.string().regex(/^[a-z][a-z0-9-]{0,49}$/, 'is not a valid source name'),
});

const object = z.record(z.string(), z.unknown(), { error: 'must be a JSON object' });

const pluginChange = z.strictObject(
  {
    enabled: z.boolean({ error: 'must be true or false' }).optional().meta({
      description: 'false: the source is not synced and its content is not used in answers. Nothing is deleted.',
    }),
    config: object.nullable().optional().meta({ description: 'The complete settings of the plugin.' }),
    metadata: object.nullable().optional().meta({
      description:
        'Metadata of all its content: license, rightsHolder, permission, externalShareConsent, accessPolicy …',
    }),
    syncEveryMinutes: z
      .int({ error: 'must be a whole number' })
      .min(1, { error: 'must be at least 1' })
      .max(525_600, { error: 'must be at most 525600' })
      .nullable()
      .optional()
      .meta({ description: 'Null: sync on demand only.' }),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

export type PluginChange = z.output<typeof pluginChange>;

const pluginHealth = z.object({
  status: z.enum(healthStatuses),
  latencyMs: z.int(),
  error: z.string().nullable().meta({ description: 'Null: the source is healthy.' }),
}) satisfies z.ZodType<Health>;

const counts = z.object({
  listed: z.int(),
  created: z.int(),
  replaced: z.int(),
  unchanged: z.int(),
  removed: z.int().meta({ description: 'Deleted at the source and therefore removed here.' }),
  failed: z.int(),
  skipped: z.int().meta({ description: 'Items without text, and items whose document an operator removed.' }),
  unusable: z.int().meta({
    description: 'Documents that are stored and not used in answers: neither licence nor permission allows it.',
  }),
});

const plugin = z.object({
  source: z.string(),
  name: z.string(),
  capabilities: z.partialRecord(z.enum(capabilities), z.boolean()),
  version: z.string(),
  module: z.string().nullable().meta({ description: 'The npm package or file of the plugin. Null: built in.' }),
  enabled: z.boolean(),
  config: z.unknown(),
  metadata: z.unknown(),
  endpoint: z.string().nullable().meta({ description: 'Null: the default address of the service.' }),
  apiKeyVariable: z
    .string()
    .nullable()
    .meta({ description: 'Name of the environment variable that contains the key.' }),
  allowedHosts: z.array(z.string()).readonly().meta({ description: 'Private hosts that the plugin may connect to.' }),
  syncEveryMinutes: z.int().nullable().meta({ description: 'Null: sync on demand only.' }),
  healthStatus: z.enum(healthStatuses).nullable().meta({ description: 'Null: never checked.' }),
  lastHealthCheck: instant.nullable(),
  healthLatencyMs: z.int().nullable(),
  healthError: z.string().nullable(),
  changedAt: instant,
  items: z.int().meta({ description: 'Stored items.' }),
  failingItems: z.int().meta({ description: 'Items whose last ingestion failed.' }),
  sync: z
    .object({
      outcome: z.enum(['running', 'succeeded', 'failed']).nullable().meta({ description: 'Null: never synced.' }),
      startedAt: instant.nullable(),
      finishedAt: instant.nullable(),
      succeededAt: instant.nullable(),
      error: z.string().nullable(),
      counts,
    })
    .meta({ description: 'The last sync.' }),
}) satisfies z.ZodType<SourceStatus>;

const pluginList = z.object({ plugins: z.array(plugin).readonly().meta({ description: 'Sorted by source.' }) });
const syncRequested = z.object({ requested: z.literal(true) });

/** Each function throws {ServiceFailure} `database_unavailable` and returns null if the source does not exist. */
export type Plugins = {
  readonly list: () => Promise<readonly SourceStatus[]>;
  /** Returns a string if the change is invalid: the name of the field, then the reason. @param actor for the audit log */
  readonly change: (source: string, change: PluginChange, actor: string) => Promise<SourceStatus | string | null>;
  readonly checkHealth: (source: string, signal: AbortSignal) => Promise<Health | null>;
  /** The worker starts the sync within a minute. */
  readonly requestSync: (source: string) => Promise<'requested' | 'disabled' | null>;
};

type PluginDependencies = { readonly plugins: Plugins };

export const listPlugins = defineRoute({
  id: 'listPlugins',
  method: 'get',
  path: '/api/admin/plugins',
  access: 'admin',
  summary: 'List content sources with their health and last sync',
  response: pluginList,
  problems: ['database-unavailable'],
  handler: async (_input, { plugins }: PluginDependencies) => ({ plugins: await plugins.list() }),
});

export const changePlugin = defineRoute({
  id: 'changePlugin',
  method: 'patch',
  path: '/api/admin/plugins/:source',
  access: 'admin',
  summary: 'Enable, disable or configure a content source',
  description:
    'Omitted fields keep their value. Every change is written to the audit log. The address, module and key of a source can only be changed on the command line.',
  params: pluginParams,
  body: pluginChange,
  response: plugin,
  problems: ['not-found', 'database-unavailable'],
  async handler({ params: { source }, body, caller }, { plugins }: PluginDependencies) {
    const changed = await plugins.change(source, body, `user:${caller.requester.userId}`);
    if (typeof changed === 'string') {
      const [field = 'body', ...words] = changed.split(' ');
      throw badField(field, words.join(' '));
    }
    return orNotFound(changed);
  },
});

export const checkPluginHealth = defineRoute({
  id: 'checkPluginHealth',
  method: 'post',
  path: '/api/admin/plugins/:source/health',
  access: 'admin',
  summary: 'Run a health check of a content source',
  params: pluginParams,
  response: pluginHealth,
  problems: ['not-found', 'database-unavailable'],
  async handler({ params: { source }, signal }, { plugins }: PluginDependencies) {
    try {
      return orNotFound(await plugins.checkHealth(source, signal));
    } catch (error) {
      // The client hung up, which aborts the check and is no error of the server.
      if (signal.aborted) return responseSent;
      throw error;
    }
  },
});

export const requestSync = defineRoute({
  id: 'requestSync',
  method: 'post',
  path: '/api/admin/plugins/:source/sync',
  access: 'admin',
  summary: 'Request a sync of a content source; the worker starts it within a minute',
  params: pluginParams,
  response: syncRequested,
  problems: ['not-found', 'database-unavailable'],
  async handler({ params: { source } }, { plugins }: PluginDependencies) {
    const requested = orNotFound(await plugins.requestSync(source));
    if (requested === 'disabled') throw badField('source', 'is disabled; enable it first');
    return { requested: true as const };
  },
});

function orNotFound<T>(found: T | null): T {
  if (found !== null) return found;
  throw new Problem('not-found', { detail: 'There is no such source. GET /api/admin/plugins lists all sources.' });
}
