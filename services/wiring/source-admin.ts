/** Ties the administrators' view of content sources to the registry and to the sources themselves. */
import type { Plugins } from '../http/routes/admin/sources.ts';
import { checkHealthOf, type SourcesGiven } from '../jobs/sync-source.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { orUnavailable } from '../postgres/client/errors.ts';
import { tellHealth } from '../postgres/sources/health.ts';
import { administerSource } from '../postgres/sources/registry.ts';
import { readSourceStatuses } from '../postgres/sources/source-status.ts';
import { requestSync } from '../postgres/sources/syncs.ts';
import type { SourceStatus } from '../provenance/source.ts';

/**
 * @param auditPool reads the registry, and may change it by three functions alone
 * @param given.pool for what a plugin may search
 */
export function createPlugins(auditPool: Pool, given: SourcesGiven): Plugins {
  const find = async (source: string): Promise<SourceStatus | null> =>
    (await orUnavailable(readSourceStatuses(auditPool, source)))[0] ?? null;

  return {
    list: () => orUnavailable(readSourceStatuses(auditPool)),

    async change(source, change, actor) {
      const row = await find(source);
      if (row === null) return null;
      const problem = await problemOf(row, change);
      if (problem !== null) return problem;
      await orUnavailable(administerSource(auditPool, { source, change, actor }));
      return find(source);
    },

    async checkHealth(source, signal) {
      const row = await find(source);
      if (row === null) return null;
      const health = await checkHealthOf(given, row, signal);
      await orUnavailable(tellHealth(auditPool, source, health));
      return health;
    },

    async requestSync(source) {
      const row = await find(source);
      if (row === null) return null;
      return (await orUnavailable(requestSync(auditPool, source))) ? 'requested' : 'disabled';
    },
  };
}

/** What is wrong with the settings, or with the plugin that they are for, beginning with the name of the field; null: nothing. */
async function problemOf(row: SourceStatus, { config, metadata }: { config?: unknown; metadata?: unknown }) {
  if (config === undefined && metadata === undefined) return null;
  // The readers that come with the plugins take longer to load than most requests.
  const { loadPlugin, readConfiguration, readMetadata } = await import('../sources/load-plugin.ts');
  const { SourceError } = await import('../sources/source-error.ts');
  try {
    const plugin = await loadPlugin(row);
    if (config !== undefined) readConfiguration(plugin, config);
    if (metadata !== undefined) readMetadata(plugin, metadata);
    return null;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return error.message.replace(/^its /, '');
  }
}
