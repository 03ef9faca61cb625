/** Reads the schema of the database as names and definitions that can be compared. */
import type { Pool } from 'pg';

export const schemaKinds = [
  'table',
  'column',
  'enum',
  'index',
  'constraint',
  'trigger',
  'function',
  'security',
  'policy',
  'view',
  'role',
  'grant',
] as const;

export type SchemaKind = (typeof schemaKinds)[number];

/** By kind and name; the name of a table's part begins with the table and a colon. */
export type Schema = Readonly<Record<SchemaKind, Readonly<Record<string, string>>>>;

/** Reads everything on the search path, of any owner, and the schema `reporting`. */
export async function readSchema(pool: Pool): Promise<Schema> {
  const { rows } = await pool.query<{ kind: SchemaKind; name: string; what: string }>(statement);
  const schema = Object.fromEntries(schemaKinds.map((kind) => [kind, {} as Record<string, string>]));
  for (const { kind, name, what } of rows) Object.assign(schema[kind] as object, { [name]: what });
  return schema as Schema;
}

// Without anything that differs between equivalent servers: names of schemas and owners, and `not null` constraints,
// which PostgreSQL 18 lists and 15 does not.
const statement = `
with home as (
  select string_agg(quote_ident(name), ', ') as path from unnest(current_schemas(false)) as name
), relation as (
  select pg_class.oid, case nspname when 'reporting' then 'reporting.' else '' end || relname as name, relkind, relowner, relrowsecurity, relforcerowsecurity, relacl
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where relkind in ('r', 'p', 'v') and nspname not in ('pg_catalog', 'information_schema')
    and (pg_table_is_visible(pg_class.oid) or nspname = 'reporting')
), ours as (
  select oid, name, relowner, relrowsecurity, relforcerowsecurity from relation where relkind <> 'v'
), granted as (
  select relation.name || ':' as prefix, grantee, privilege_type as privilege
  from relation, aclexplode(coalesce(relacl, acldefault('r', relowner)))
  where grantee <> relowner
  union all
  select relation.name || ':', grantee, format('%s (%s)', privilege_type, attname)
  from relation join pg_attribute on attrelid = relation.oid, aclexplode(attacl)
  where grantee <> relowner and not attisdropped
  union all
  select pg_proc.oid::regprocedure || ':', grantee, privilege_type
  from pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
  where pg_function_is_visible(pg_proc.oid) and pronamespace <> 'pg_catalog'::regnamespace and grantee <> proowner
  union all
  select 'schema reporting:', grantee, privilege_type
  from pg_namespace, aclexplode(nspacl) where nspname = 'reporting' and grantee <> nspowner
)
select 'table' as kind, name::text, '' as what from ours
union all
select 'column', ours.name || ':' || attname, concat_ws(' ',
  format_type(atttypid, atttypmod),
  case when attnotnull then 'not null' end,
  case attgenerated when '' then 'default' else 'generated' end || ' ' || pg_get_expr(adbin, adrelid, true))
from ours
join pg_attribute on attrelid = ours.oid and attnum > 0 and not attisdropped
left join pg_attrdef on adrelid = attrelid and adnum = attnum
union all
select 'enum', typname, string_agg(enumlabel, ', ' order by enumsortorder)
from pg_type join pg_enum on enumtypid = pg_type.oid
where pg_type_is_visible(pg_type.oid) and typnamespace <> 'pg_catalog'::regnamespace group by typname
union all
select 'index', ours.name || ':' || relname, concat_ws(', ',
  regexp_replace(pg_get_indexdef(indexrelid, 0, true), '^CREATE (UNIQUE )?INDEX .* USING ', '\\1'),
  case when not (indisvalid and indisready and indislive) then 'INVALID' end)
from ours join pg_index on indrelid = ours.oid join pg_class on pg_class.oid = indexrelid
where not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
union all
select 'constraint', ours.name || ':' || replace(pg_get_constraintdef(pg_constraint.oid, true), ' NOT VALID', ''),
  case when convalidated then 'validated' else 'not validated: ' || quote_ident(conname) end
from ours join pg_constraint on conrelid = ours.oid where contype in ('p', 'u', 'f', 'c')
union all
select 'trigger', ours.name || ':' || tgname, concat_ws(', ',
  regexp_replace(pg_get_triggerdef(pg_trigger.oid, true), '^CREATE TRIGGER \\S+ ', ''),
  case when tgenabled = 'D' then 'DISABLED' end)
from ours join pg_trigger on tgrelid = ours.oid where not tgisinternal
union all
select 'function', pg_proc.oid::regprocedure::text, concat_ws(', ',
  lanname, provolatile, case when prosecdef then 'security definer' end,
  replace(array_to_string(proconfig, ' '), 'search_path=' || home.path, 'search_path=$schema'), md5(prosrc))
from pg_proc join pg_language on pg_language.oid = prolang, home
where pg_function_is_visible(pg_proc.oid) and pronamespace <> 'pg_catalog'::regnamespace and prokind in ('f', 'p')
union all
select 'security', name, case when not relrowsecurity then 'off' when relforcerowsecurity then 'forced' else 'not forced' end
from ours
union all
select 'policy', ours.name || ':' || polname, concat_ws(', ',
  case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
  case when not polpermissive then 'restrictive' end,
  'to ' || (
    select string_agg(case member when 0 then 'public' when relowner then '$owner' else pg_get_userbyid(member) end, ' ' order by 1)
    from unnest(polroles) as member),
  'using ' || pg_get_expr(polqual, polrelid, true), 'check ' || pg_get_expr(polwithcheck, polrelid, true))
from ours join pg_policy on polrelid = ours.oid
union all
select 'view', relation.name, string_agg(attname, ', ' order by attnum)
from relation join pg_attribute on attrelid = relation.oid and attnum > 0 and not attisdropped
where relkind = 'v' group by relation.name
union all
select 'role', rolname, concat_ws(', ',
  case when rolsuper then 'superuser' end, case when rolbypassrls then 'bypasses row-level security' end,
  case when rolcreaterole then 'makes roles' end,
  (select 'member of ' || string_agg(quote_ident(pg_get_userbyid(roleid)), ' ' order by 1) from pg_auth_members where member = pg_roles.oid))
from pg_roles where rolname ~ '^rag_(app|recorder|worker|auditor)$' or rolname = 'grafana_reader'
union all
select 'grant', prefix || case grantee when 0 then 'public' else pg_get_userbyid(grantee) end,
  string_agg(privilege, ', ' order by privilege)
from granted group by prefix, grantee
order by 1, 2`;

/**
 * Reads the statements that recreate our functions and views, in any schema. By name, as in the schema. `$schema` is a placeholder for the search path, which is `public` where this is read.
 */
export async function readDefinitions(pool: Pool): Promise<Readonly<Record<string, string>>> {
  const { rows } = await pool.query<{ name: string; statement: string }>(definitions);
  return Object.fromEntries(rows.map(({ name, statement }) => [name, statement]));
}

const definitions = `
select pg_proc.oid::regprocedure::text as name, concat_ws(E'\\n',
  format('create or replace function %s(%s) returns %s', proname, pg_get_function_arguments(pg_proc.oid), pg_get_function_result(pg_proc.oid)),
  concat_ws(' ', 'language', lanname,
    case provolatile when 's' then 'stable' when 'i' then 'immutable' end, case proparallel when 's' then 'parallel safe' end,
    case when proisstrict then 'strict' end, case when prosecdef then 'security definer' end,
    'set ' || replace(array_to_string(proconfig, ' set '), 'search_path=public', 'search_path = $schema')),
  format('as $body$%s$body$;', prosrc)) as statement
from pg_proc join pg_language on pg_language.oid = prolang
where pg_function_is_visible(pg_proc.oid) and pronamespace <> 'pg_catalog'::regnamespace and prokind = 'f'
union all
select 'reporting.' || relname,
  format('create or replace view reporting.%s as%s%s', relname, E'\\n', pg_get_viewdef(pg_class.oid, true))
from pg_class where relkind = 'v' and relnamespace = to_regnamespace('reporting')
order by 1`;
