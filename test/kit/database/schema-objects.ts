/** Reads the schema of a database: everything that a migration may create, by name and definition. */
import pg from 'pg';

type SchemaObject = { readonly name: string; readonly what: string };

/**
 * Columns, indexes, constraints, triggers, functions, types, comments, policies and grants of the schema `public`, sorted by
 * name. Without the order of columns, because dropping and adding a column changes it.
 */
export async function schemaObjects(url: string): Promise<readonly SchemaObject[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<SchemaObject>(statement)).rows;
  } finally {
    await client.end();
  }
}

const statement = `
with relation as (
  select oid, relname, relkind, relrowsecurity, relforcerowsecurity, reloptions,
    (select string_agg(item::text, ',' order by item::text) from unnest(coalesce(relacl, acldefault('r', relowner))) item) as relacl
  from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p')
)
select 'relation ' || relname as name, concat_ws(' ', relkind, relrowsecurity, relforcerowsecurity, relacl, reloptions) as what
from relation
union all
select format('column %s.%s', relname, attname), concat_ws(' ', format_type(atttypid, atttypmod), attnotnull,
  attgenerated, pg_get_expr(adbin, adrelid), attacl, col_description(relation.oid, attnum))
from relation join pg_attribute on attrelid = relation.oid and attnum > 0 and not attisdropped
left join pg_attrdef on adrelid = attrelid and adnum = attnum
union all
select 'index ' || relation.relname || '.' || indexrelid::regclass, concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid)
from pg_index join relation on relation.oid = indrelid
union all
select format('constraint %s.%s', relname, conname), concat_ws(' ', pg_get_constraintdef(pg_constraint.oid), convalidated)
from pg_constraint join relation on relation.oid = conrelid
union all
select format('trigger %s.%s', relname, tgname), pg_get_triggerdef(pg_trigger.oid)
from pg_trigger join relation on relation.oid = tgrelid where not tgisinternal
union all
select format('policy %s.%s', tablename, policyname), concat_ws(' ', permissive, roles, cmd, qual, with_check)
from pg_policies where schemaname = 'public'
union all
select 'function ' || pg_proc.oid::regprocedure, concat_ws(' ', pg_get_functiondef(pg_proc.oid), (
  select string_agg(item::text, ',' order by item::text) from unnest(coalesce(proacl, acldefault('f', proowner))) item
)) from pg_proc
where pronamespace = 'public'::regnamespace and prokind = 'f'
union all
select 'type ' || typname, string_agg(enumlabel, ' ' order by enumsortorder)
from pg_type join pg_enum on enumtypid = pg_type.oid group by typname
union all
select 'comment ' || relname, obj_description(oid, 'pg_class') from relation where obj_description(oid, 'pg_class') is not null
order by 1, 2`;
