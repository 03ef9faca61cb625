/** The admin API's operations on content sources. */
import type { Plugins } from '../http/routes/admin/sources.ts';
import { probeSource, type SourceDeps } from '../jobs/sync-source.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { orUnavailable } from '../postgres/client/errors.ts';
import { reportHealth } from '../postgres/sources/health.ts';
import { administerSource } from '../postgres/sources/registry.ts';
import { readSourceStatuses } from '../postgres/sources/source-status.ts';
import { requestSync } from '../postgres/sources/syncs.ts';
import type { SourceStatus } from '../provenance/source.ts';

/* * @param auditPool reads the registry and changes it through three functions only
 * @param deps its `pool` serves the plugins' searches
 */
export function createPlugins(auditPool: Pool, deps: SourceDeps): Plugins {
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
      const health = await probeSource(deps, row, signal);
      await orUnavailable(reportHealth(auditPool, source, health));
      return health;
    },

    async requestSync(source) {
      const row = await find(source);
      if (row === null) return null;
      return (await orUnavailable(requestSync(auditPool, source))) ? 'requested' : 'disabled';
    },
  };
}

/** The problem with the settings or their plugin, beginning with the field's name; null: none. */
async function problemOf(row: SourceStatus, { config, metadata }: { config?: unknown; metadata?: unknown }) {
  if (config === undefined && metadata === undefined) return null;
  // Loaded on demand: the plugins' readers take longer to load than most requests run.
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
