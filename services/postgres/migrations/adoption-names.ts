/** Finds names that the first migrations create but other programs already use. */
import type pg from 'pg';
import { lmsColumns, readExpectedSchema } from '../verify/expected-schema.ts';
import { splitItem } from '../verify/repair-schema.ts';

const ours = '0001_lms-tables';

/** @returns one line per name, with the fix; none once these migrations have begun */
export async function findNameConflicts(client: pg.Client): Promise<readonly string[]> {
  const ran = await ranMigrations(client);
  if (ran.includes(ours)) return [];
  const [foreign] = ran;
  const { schema } = readExpectedSchema();
  const adopted = [...Object.keys(lmsColumns), 'ai_dialogue_log'];
  const tables = Object.keys(schema.table).filter((table) => !adopted.includes(table));
  const indexes = partsOf(schema.index).filter(([table]) => !adopted.includes(table));
  const policies = partsOf(schema.policy).filter(([table]) => table === 'ai_dialogue_log');
  const text = `
    select format('the name %s is used by another table: rename that table', name) as problem
    from unnest($1::text[]) as name
    where to_regclass(name) is not null
    union all
    select format('the name %s is used by another type: rename that type', name)
    from unnest($2::text[]) as name
    where to_regtype(name) is not null
    union all
    select format('the name %s is used by another function: rename that function', name)
    from unnest($3::text[]) as name
    where to_regprocedure(name) is not null
    union all
    select format('the name %s is used by an index or another relation: rename it', name)
    from unnest($4::text[]) as name
    where to_regclass(name) is not null
    union all
    select format('the name %s is used by another policy of ai_dialogue_log: rename that policy', polname)
    from pg_policy
    where polrelid = to_regclass('ai_dialogue_log') and polname = any ($5::text[])
    union all
    select 'the name reporting is used by another schema: rename that schema'
    where to_regnamespace('reporting') is not null
    order by 1`;
  const values = [tables, Object.keys(schema.enum), Object.keys(schema.function), ...[indexes, policies].map(names)];
  const { rows } = await client.query<{ problem: string }>({ text, values });
  return [
    ...(foreign === undefined
      ? []
      : [
          `pgmigrations lists migrations of another program (${foreign}): rename the table, also in that program's configuration`,
        ]),
    ...rows.map(({ problem }) => problem),
  ];
}

async function ranMigrations(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass('pgmigrations') is not null as there`);
  if (!rows[0]?.there) return [];
  return (await client.query<{ name: string }>('select name from pgmigrations order by id')).rows.map(
    ({ name }) => name,
  );
}

/** Splits items into table and part. */
function partsOf(items: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.keys(items).map((item) => {
    const { table, part } = splitItem(item);
    return [table, part] as const;
  });
}

function names(parts: readonly (readonly [string, string])[]): readonly string[] {
  return parts.map(([, part]) => part);
}
