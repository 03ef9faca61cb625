/** Loads tables without their secondary indexes, which are made again afterwards: several times faster than keeping them. */
import type { ClientBase } from 'pg';

/** Primary keys and what belongs to a constraint stay. */
export async function withoutIndexes(
  client: ClientBase,
  tables: readonly string[],
  load: () => Promise<void>,
  tell: (line: string) => void,
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
    const begun = performance.now();
    await client.query(definition);
    tell(`${name} in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
}
