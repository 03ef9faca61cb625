/** Reads rows of the registry of sources. */
import type { ClientBase, Pool } from 'pg';
import type { SourceRow } from '../provenance/source.ts';

/** The list of a `select` over `plugin_registry`. */
export const sourceColumns = `
  plugin_registry.source, name, module, capabilities, config, facts, api_endpoint as endpoint,
  api_key_env_var as "apiKeyVariable", allowed_hosts as "allowedHosts", sync_every_minutes as "syncEveryMinutes", enabled,
  version, last_health_check as "lastHealthCheck", health_status as "healthStatus",
  health_latency_ms as "healthLatencyMs", health_error as "healthError"`;

/** By name. */
export async function readSources(db: Pool | ClientBase): Promise<readonly SourceRow[]> {
  const { rows } = await db.query<SourceRow>({
    name: 'source-rows',
    text: `select ${sourceColumns} from plugin_registry order by source`,
  });
  return rows;
}
