/** Registers a source. */
import type { Pool } from 'pg';
import { asActor } from './as-actor.ts';

export type NewSource = {
  readonly source: string;
  readonly name: string;
  /** Null: built in. */
  readonly module: string | null;
  readonly capabilities: Readonly<Record<string, boolean>>;
  readonly version: string;
};

/** Disabled, until it is configured. @returns false where its name or its source is taken */
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
