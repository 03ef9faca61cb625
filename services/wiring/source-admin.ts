/** The admin API's operations on content sources. */
import { z } from 'zod';
import type { Plugins } from '../http/routes/admin/sources.ts';
import { probeSource, type SourceDeps } from '../jobs/sync-source.ts';
import type { Pool } from '../postgres/client/connect.ts';
import { orUnavailable } from '../postgres/client/errors.ts';
import { reportHealth } from '../postgres/sources/health.ts';
import { administerSource } from '../postgres/sources/registry.ts';
import { readSourceStatuses } from '../postgres/sources/source-status.ts';
import { requestSync } from '../postgres/sources/syncs.ts';
import type { SourceStatus } from '../provenance/source.ts';
import { pathOutside } from '../runtime/path-outside.ts';
import type { SourcePlugin } from '../sources/plugin.ts';

/**
 * @param auditPool reads the registry and changes it through three functions only
 * @param deps its `pool` serves the plugins' searches
 * @param sourceRoots folders that the operator lets administrators choose from
 */
export function createPlugins(auditPool: Pool, deps: SourceDeps, sourceRoots: readonly string[]): Plugins {
  const find = async (source: string): Promise<SourceStatus | null> =>
    (await orUnavailable(readSourceStatuses(auditPool, source)))[0] ?? null;

  return {
    list: () => orUnavailable(readSourceStatuses(auditPool)),

    async change(source, change, actor) {
      const row = await find(source);
      if (row === null) return null;
      const problem = await problemOf(row, change, sourceRoots);
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
async function problemOf(
  row: SourceStatus,
  { config, metadata }: { config?: unknown; metadata?: unknown },
  sourceRoots: readonly string[],
) {
  if (config === undefined && metadata === undefined) return null;
  // Loaded on demand: the plugins' readers take longer to load than most requests run.
  const { loadPlugin, readConfiguration, readMetadata } = await import('../sources/load-plugin.ts');
  const { SourceError } = await import('../sources/source-error.ts');
  try {
    const plugin = await loadPlugin(row);
    if (config !== undefined) {
      const read = readConfiguration(plugin, config);
      const outside = await pathOutside(plugin.hostPaths?.(read) ?? [], [
        ...sourceRoots,
        ...currentPaths(plugin, row.config),
      ]);
      if (outside !== null) {
        return `config names ${outside}, which is in no folder of the operator; use a folder of SOURCE_ROOTS, or configure it with cli -- sources configure ${row.source}`;
      }
    }
    if (metadata !== undefined) readMetadata(plugin, metadata);
    return null;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return error.message.replace(/^its /, '');
  }
}

/** The folders that the operator configured. A configuration that cannot be read has none. */
function currentPaths(plugin: SourcePlugin, config: unknown): readonly string[] {
  const parsed = plugin.configuration(z).safeParse(config ?? {});
  return parsed.success ? (plugin.hostPaths?.(parsed.data) ?? []) : [];
}
