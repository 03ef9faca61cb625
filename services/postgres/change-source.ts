/** Changes a source's row. */
import type { Pool } from 'pg';
import type { SourceRow } from '../provenance/source.ts';
import { asActor } from './as-actor.ts';

/** Absent: stays as it is. */
export type SourceChange = Partial<
  Pick<
    SourceRow,
    | 'enabled'
    | 'config'
    | 'facts'
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
  facts: 'facts',
  endpoint: 'api_endpoint',
  apiKeyVariable: 'api_key_env_var',
  allowedHosts: 'allowed_hosts',
  syncEveryMinutes: 'sync_every_minutes',
  module: 'module',
  capabilities: 'capabilities',
  version: 'version',
};

/** @returns false where there is no such source */
export function changeSource(pool: Pool, actor: string, source: string, change: SourceChange): Promise<boolean> {
  const fields = (Object.keys(columns) as (keyof SourceChange)[]).filter((field) => change[field] !== undefined);
  const set = fields.map((field, at) => `${columns[field]} = $${at + 2}`).join(', ');
  const values = fields.map((field) => {
    const value = change[field];
    const json = field === 'config' || field === 'facts' || field === 'capabilities';
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
