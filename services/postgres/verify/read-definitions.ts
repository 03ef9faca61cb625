/** Reads the statements that recreate our functions and views, in any schema. */
import type { Pool } from 'pg';

/** By name, as in the schema. `$schema` is a placeholder for the search path, which is `public` where this is read. */
export async function readDefinitions(pool: Pool): Promise<Readonly<Record<string, string>>> {
  const { rows } = await pool.query<{ name: string; statement: string }>(text);
  return Object.fromEntries(rows.map(({ name, statement }) => [name, statement]));
}

const text = `
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
