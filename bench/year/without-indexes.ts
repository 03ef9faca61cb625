/** Drops the secondary indexes during a load and rebuilds them afterwards, which is several times faster. */
import type { ClientBase } from 'pg';

/** Keeps primary keys and indexes of constraints. */
export async function withoutIndexes(
  client: ClientBase,
  tables: readonly string[],
  load: () => Promise<void>,
  log: (line: string) => void,
): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select index.indexrelid::regclass::text as name, pg_get_indexdef(index.indexrelid) as definition
     from pg_index index
     where index.indrelid = any($1::regclass[])
       and not exists (select from pg_constraint where conindid = index.indexrelid)
     order by 1`,
    [tables],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  await load();
  for (const { name, definition } of rows) {
    const startedAt = performance.now();
    await client.query(definition);
    log(`${name} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
}
