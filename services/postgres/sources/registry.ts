/** Statements on the plugin_registry table: add, configure and read sources. */
import type { ClientBase, Pool } from 'pg';
import type { SourceRow } from '../../provenance/source.ts';
import { asActor } from '../client/transaction.ts';

type NewSource = {
  readonly source: string;
  readonly name: string;
  /** Null: built in. */
  readonly module: string | null;
  readonly capabilities: Readonly<Record<string, boolean>>;
  readonly version: string;
};

/** Registers a source, disabled. @returns false if its name or source exists */
export function addSource(
  pool: Pool,
  actor: string,
  { source, name, module, capabilities, version }: NewSource,
): Promise<boolean> {
  return asActor(pool, actor, async (client) => {
    const { rowCount } = await client.query({
      name: 'add-source',
      text: `
        insert into plugin_registry (source, name, module, capabilities, version, enabled)
        values ($1, $2, $3, $4, $5, false)
        on conflict do nothing`,
      values: [source, name, module, JSON.stringify(capabilities), version],
    });
    return rowCount === 1;
  });
}

/**
 * Changes the fields of a source that administrators may change.
 * @param change enabled, config, metadata, syncEveryMinutes; absent fields stay unchanged
 */
export async function administerSource(
  pool: Pool,
  { source, change, actor }: { source: string; change: object; actor: string },
): Promise<void> {
  await asActor(pool, actor, (client) =>
    client.query({
      name: 'administer-source',
      text: 'select rag_change_source($1, $2)',
      values: [source, JSON.stringify(change)],
    }),
  );
}

/** Absent fields stay unchanged. */
export type SourceChange = Partial<
  Pick<
    SourceRow,
    | 'enabled'
    | 'config'
    | 'metadata'
    | 'endpoint'
    | 'apiKeyVariable'
    | 'allowedHosts'
    | 'syncEveryMinutes'
    | 'module'
    | 'capabilities'
    | 'version'
  >
>;

const columns: Readonly<Record<keyof SourceChange, string>> = {
  enabled: 'enabled',
  config: 'config',
  metadata: 'metadata',
  endpoint: 'api_endpoint',
  apiKeyVariable: 'api_key_env_var',
  allowedHosts: 'allowed_hosts',
  syncEveryMinutes: 'sync_every_minutes',
  module: 'module',
  capabilities: 'capabilities',
  version: 'version',
};

/** @returns false if the source does not exist */
export function changeSource(pool: Pool, actor: string, source: string, change: SourceChange): Promise<boolean> {
  const fields = (Object.keys(columns) as (keyof SourceChange)[]).filter((field) => change[field] !== undefined);
  const set = fields.map((field, at) => `${columns[field]} = $${at + 2}`).join(', ');
  const values = fields.map((field) => {
    const value = change[field];
    const json = field === 'config' || field === 'metadata' || field === 'capabilities';
    return json && value !== null ? JSON.stringify(value) : value;
  });
  return asActor(pool, actor, async (client) => {
    const { rowCount } = await client.query(
      `update plugin_registry set ${set === '' ? 'source = source' : set} where source = $1`,
      [source, ...values],
    );
    return rowCount === 1;
  });
}

/** A `select` list over `plugin_registry`. */
export const sourceColumns = `
  plugin_registry.source, name, module, capabilities, config, metadata, api_endpoint as endpoint,
  api_key_env_var as "apiKeyVariable", allowed_hosts as "allowedHosts", sync_every_minutes as "syncEveryMinutes", enabled,
  version, last_health_check as "lastHealthCheck", health_status as "healthStatus",
  health_latency_ms as "healthLatencyMs", health_error as "healthError"`;

/** Reads all sources, by name. */
export async function readSources(db: Pool | ClientBase): Promise<readonly SourceRow[]> {
  const { rows } = await db.query<SourceRow>({
    name: 'source-rows',
    text: `select ${sourceColumns} from plugin_registry order by source`,
  });
  return rows;
}
