/** /api/admin/plugins: content sources, how they are, and what an administrator may change of them. */
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { capabilities, type Health, healthStatuses, type SourceStatus } from '../../../provenance/source.ts';
import { parseBody, parseParams } from '../../api/parse-input.ts';
import { badField, Problem } from '../../api/problem.ts';
import { instant } from '../../api/schemas.ts';
import { callerOf } from '../../auth/authenticate.ts';

export const pluginParams = z.strictObject({
  source: z.string().regex(/^[a-z][a-z0-9-]{0,49}$/, 'is not the name of a source'),
});

const object = z.record(z.string(), z.unknown(), { error: 'must be a JSON object' });

export const pluginChange = z.strictObject(
  {
    enabled: z.boolean({ error: 'must be true or false' }).optional().meta({
      description: 'false: it is not synced, and its content is not used in answers. Nothing is removed.',
    }),
    config: object.nullable().optional().meta({ description: "The plugin's own settings, all of them." }),
    metadata: object.nullable().optional().meta({
      description: 'Told of all its content: license, rightsHolder, permission, externalShareConsent, accessPolicy …',
    }),
    syncEveryMinutes: z
      .int({ error: 'must be a whole number' })
      .min(1, { error: 'must be at least 1' })
      .max(525_600, { error: 'must be at most 525600' })
      .nullable()
      .optional()
      .meta({ description: 'Null: synced on demand only.' }),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

export type PluginChange = z.output<typeof pluginChange>;

export const pluginHealth = z.object({
  status: z.enum(healthStatuses),
  latencyMs: z.int(),
  error: z.string().nullable().meta({ description: 'What is wrong. Null: nothing.' }),
}) satisfies z.ZodType<Health>;

const counts = z.object({
  listed: z.int(),
  created: z.int(),
  replaced: z.int(),
  unchanged: z.int(),
  removed: z.int().meta({ description: 'Deleted at the source, and so removed here.' }),
  failed: z.int(),
  skipped: z.int().meta({ description: 'Items without text, and items whose document an operator removed.' }),
  unusable: z.int().meta({
    description: 'Documents that are stored and not used in answers: neither licence nor permission allows it.',
  }),
});

export const plugin = z.object({
  source: z.string(),
  name: z.string(),
  capabilities: z.partialRecord(z.enum(capabilities), z.boolean()),
  version: z.string(),
  module: z.string().nullable().meta({ description: 'The npm package or file of the plugin. Null: built in.' }),
  enabled: z.boolean(),
  config: z.unknown(),
  metadata: z.unknown(),
  endpoint: z.string().nullable().meta({ description: "Null: the service's usual address." }),
  apiKeyVariable: z.string().nullable().meta({ description: 'The NAME of an environment variable.' }),
  allowedHosts: z.array(z.string()).readonly().meta({ description: 'Private hosts that it may be fetched from.' }),
  syncEveryMinutes: z.int().nullable().meta({ description: 'Null: on demand only.' }),
  healthStatus: z.enum(healthStatuses).nullable().meta({ description: 'Null: never checked.' }),
  lastHealthCheck: instant.nullable(),
  healthLatencyMs: z.int().nullable(),
  healthError: z.string().nullable(),
  changedAt: instant,
  items: z.int().meta({ description: 'Whose content is here.' }),
  failingItems: z.int().meta({ description: 'That could not be taken in when that was last tried.' }),
  sync: z
    .object({
      outcome: z.enum(['running', 'succeeded', 'failed']).nullable().meta({ description: 'Null: never synced.' }),
      startedAt: instant.nullable(),
      finishedAt: instant.nullable(),
      succeededAt: instant.nullable(),
      error: z.string().nullable(),
      counts,
    })
    .meta({ description: 'Of the last sync.' }),
}) satisfies z.ZodType<SourceStatus>;

export const pluginList = z.object({ plugins: z.array(plugin).readonly().meta({ description: 'By source.' }) });
export const syncRequested = z.object({ requested: z.literal(true) });

/** Each throws {ChatFailure} `database_unavailable`; null and false: there is no such source. */
export type Plugins = {
  readonly list: () => Promise<readonly SourceStatus[]>;
  /** A string: what is wrong with the change, beginning with the name of the field. @param actor who is audited */
  readonly change: (source: string, change: PluginChange, actor: string) => Promise<SourceStatus | string | null>;
  readonly checkHealth: (source: string, signal: AbortSignal) => Promise<Health | null>;
  /** The worker begins it within a minute. */
  readonly requestSync: (source: string) => Promise<'requested' | 'disabled' | null>;
};

export function listPlugins({ list }: Plugins): RequestHandler {
  return async (_req, res) => {
    res.json({ plugins: await list() } satisfies z.output<typeof pluginList>);
  };
}

export function changePlugin({ change }: Plugins): RequestHandler {
  return async (req, res) => {
    const { source } = parseParams(req, pluginParams);
    const changed = await change(source, parseBody(req, pluginChange), `user:${callerOf(res).asker.userId}`);
    if (typeof changed === 'string') {
      const [field = 'body', ...words] = changed.split(' ');
      throw badField(field, words.join(' '));
    }
    res.json(orNotFound(changed) satisfies z.output<typeof plugin>);
  };
}

export function checkPluginHealth({ checkHealth }: Plugins): RequestHandler {
  return async (req, res) => {
    const { source } = parseParams(req, pluginParams);
    const hungUp = new AbortController();
    res.once('close', () => hungUp.abort());
    const health = await checkHealth(source, hungUp.signal).catch((error: unknown) => {
      // Nobody waits for the answer any more, which is no fault of ours.
      if (hungUp.signal.aborted) return undefined;
      throw error;
    });
    if (health !== undefined) res.json(orNotFound(health) satisfies z.output<typeof pluginHealth>);
  };
}

export function requestSync({ requestSync: request }: Plugins): RequestHandler {
  return async (req, res) => {
    const { source } = parseParams(req, pluginParams);
    if (orNotFound(await request(source)) === 'disabled') throw badField('source', 'is disabled; enable it first');
    res.json({ requested: true } satisfies z.output<typeof syncRequested>);
  };
}

function orNotFound<T>(found: T | null): T {
  if (found !== null) return found;
  throw new Problem('not-found', { detail: 'There is no such source. GET /api/admin/plugins lists them.' });
}
