/** Finds columns, keys and privileges of existing tables, such as the LMS's, that prevent their adoption. */
import type pg from 'pg';

/**
 * Reads only the system catalogue. A missing table is no problem, because the migrations create it; neither is a
 * missing column of `ai_dialogue_log` that they add.
 * @returns one line per problem: the problem, a colon, the fix
 */
export async function findIncompatibleTables(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ problem: string }>(statement);
  return rows.map(({ problem }) => problem);
}

/** `types` as `format_type` spells them; null: any. A missing column with `needed` false is added. */
const statement = `
with wanted (place, relation, attribute, needed, types) as (
  values
    (1, 'users', 'id', true, '{uuid}'::text[]),
    (2, 'users', 'email', true, null),
    (3, 'users', 'role', true, null),
    (4, 'materials', 'id', true, '{uuid}'),
    (5, 'materials', 'title', true, null),
    (10, 'ai_dialogue_log', 'id', true, '{uuid}'),
    (11, 'ai_dialogue_log', 'user_id', true, '{uuid}'),
    (12, 'ai_dialogue_log', 'session_id', true, '{uuid}'),
    (13, 'ai_dialogue_log', 'query', true, '{text,character varying}'),
    (14, 'ai_dialogue_log', 'response', true, '{text,character varying}'),
    (15, 'ai_dialogue_log', 'model_used', true, '{character varying(100),character varying(255),character varying,text}'),
    (16, 'ai_dialogue_log', 'created_at', true, '{timestamp with time zone}'),
    (17, 'ai_dialogue_log', 'updated_at', false, '{timestamp with time zone}'),
    (20, 'ai_dialogue_log', 'citations', false, '{jsonb}'),
    (21, 'ai_dialogue_log', 'latency_ms', false, '{integer}'),
    (22, 'ai_dialogue_log', 'token_cost_jpy', false, '{"numeric(12,6)",numeric}'),
    (23, 'ai_dialogue_log', 'citation_rate', false, '{"numeric(5,2)",numeric}'),
    (24, 'ai_dialogue_log', 'prompt_tokens', false, '{integer}'),
    (25, 'ai_dialogue_log', 'completion_tokens', false, '{integer}'),
    (26, 'ai_dialogue_log', 'total_tokens', false, '{integer}'),
    (27, 'ai_dialogue_log', 'relevance_score', false, '{"numeric(3,2)",numeric}'),
    (28, 'ai_dialogue_log', 'user_feedback', false, '{integer}'),
    (29, 'ai_dialogue_log', 'context_window_size', false, '{integer}'),
    (30, 'ai_dialogue_log', 'temperature', false, '{"numeric(3,2)",numeric}'),
    (31, 'ai_dialogue_log', 'outcome', false, '{dialogue_outcome}'),
    (32, 'ai_dialogue_log', 'trace_id', false, '{text}'),
    (33, 'ai_dialogue_log', 'withheld', false, '{integer}'),
    (34, 'ai_dialogue_log', 'finish_reason', false, '{text}'),
    (35, 'ai_dialogue_log', 'service', false, '{text}'),
    (36, 'ai_dialogue_log', 'release', false, '{text}'),
    (37, 'ai_dialogue_log', 'service_tenant', false, '{text}'),
    (38, 'ai_dialogue_log', 'attributed', false, '{boolean}'),
    (39, 'ai_dialogue_log', 'intake', false, '{jsonb}')
), present as (
  select relation, to_regclass(relation) as oid from unnest('{users,materials,ai_dialogue_log}'::text[]) as relation
  where to_regclass(relation) is not null
), attribute as (
  select
    wanted.*, present.oid, attname is null as missing, format_type(atttypid, atttypmod) as type, attgenerated <> '' as generated,
    coalesce(types[1], 'text') as best, (
      select other.attname from pg_attribute other
      where other.attrelid = present.oid and other.attnum > 0 and not other.attisdropped
        and replace(lower(other.attname), '_', '') = replace(wanted.attribute, '_', '') and other.attname <> wanted.attribute
      limit 1
    ) as near
  from wanted
  join present using (relation)
  left join pg_attribute on attrelid = present.oid and attname = wanted.attribute and attnum > 0 and not attisdropped
), problem (place, problem) as (
  select place, format('%s.%s is missing: alter table %1$s ', relation, attribute)
    || case when near is null then format('add column %s %s', attribute, best)
      else format('rename column %I to %s', near, attribute) end
  from attribute where missing and needed

  union all
  -- Only the owner of the rows knows in which time zone they were written.
  select place, format(
    '%s.%s is %s, but must be timestamptz: if its times are in UTC, set timezone = ''UTC''; '
      || 'alter table %1$s alter column %2$s type timestamptz (instant, no rewrite)',
    relation, attribute, type)
  from attribute where types[1] = 'timestamp with time zone' and type like 'timestamp%without time zone'

  union all
  select place, format('%s.%s is %s, but must be %s: ', relation, attribute, type, best)
    || case
      when best = 'uuid' and type ~ '^(text|char)' then format(
        'if it holds UUIDs, alter table %s alter column %I type uuid using %2$I::uuid, together with the columns that reference it',
        relation, attribute)
      when best = 'uuid' or type = 'uuid' then 'no statement converts one to the other; add such a column to the table'
      else format('alter table %s alter column %I type %s using %2$I::%3$s, or rename the column', relation, attribute, best) end
  from attribute
  where not missing and not type = any (types)
    and not (types[1] = 'timestamp with time zone' and type like 'timestamp%without time zone')

  union all
  select place, format('ai_dialogue_log.%s is generated, but answers are stored with a value of their own: '
    || 'alter table ai_dialogue_log alter column %1$s drop expression, or rename the column', attribute)
  from attribute where relation = 'ai_dialogue_log' and generated

  union all
  select place, format('%s.%s has no unique key: alter table %1$s add primary key (%2$s)', relation, attribute)
  from attribute
  where attribute = 'id' and not missing and (select relkind from pg_class where pg_class.oid = attribute.oid) = any (case relation when 'ai_dialogue_log' then '{r}' else '{r,p}' end::"char"[])
    and not exists (
    select from pg_index join pg_attribute on attrelid = indrelid and attnum = indkey[0]
    where indrelid = oid and attname = 'id' and indnkeyatts = 1 and indisunique and indisvalid and indimmediate
      and indpred is null
  )

  union all
  select 40, format('%s is not an ordinary table: rename it, and create a table with that name', relation)
  from present join pg_class using (oid)
  where not relkind = any (case relation when 'ai_dialogue_log' then '{r}' else '{r,p}' end::"char"[])

  union all
  select 41, format(
    'ai_dialogue_log.%1$I is required and has no default, so no answer could be stored: '
      || 'alter table ai_dialogue_log alter column %1$I set default …, or alter column %1$I drop not null', attname)
  from pg_attribute
  where attrelid = to_regclass('ai_dialogue_log') and attnum > 0 and not attisdropped and attnotnull
    and not atthasdef and attidentity = '' and attgenerated = ''
    and not exists (select from wanted where relation = 'ai_dialogue_log' and wanted.attribute = attname)
    and not exists (select from attribute where relation = 'ai_dialogue_log' and missing and needed and near = attname)

  union all
  select 50, format('ai_dialogue_log belongs to the role %s: migrate as that role, or grant it to %s',
    relowner::regrole, quote_ident(current_user))
  from pg_class where oid = to_regclass('ai_dialogue_log') and not pg_has_role(relowner, 'usage')

  union all
  select 51, format('%s cannot be referenced: grant select, references on %1$s to %s', relation, quote_ident(current_user))
  from present
  where relation <> 'ai_dialogue_log' and not (has_table_privilege(oid, 'references') and has_table_privilege(oid, 'select'))

  union all
  -- PostgreSQL requires the update privilege on some column to lock a row.
  select 51, format('users cannot be locked, which an erasure needs to wait for answers in flight: grant update (id) on users to %s',
    quote_ident(current_user))
  from present where relation = 'users' and not has_any_column_privilege(oid, 'update')

  union all
  -- Row-level security exempts roles that have a policy, and public would include our own roles.
  select 51, 'ai_dialogue_log is granted to public: revoke all on ai_dialogue_log from public; grant it to the roles that use it'
  from present join pg_class using (oid)
  where relation = 'ai_dialogue_log' and exists (
    select from aclexplode(relacl) where grantee = 0
    union all
    select from pg_attribute, aclexplode(attacl) where attrelid = oid and grantee = 0
  )

  union all
  select 52, format('tables cannot be created in the schema %s: grant create on schema %1$s to %s',
    coalesce(current_schema(), 'public'), quote_ident(current_user))
  where not has_schema_privilege(coalesce(current_schema(), 'public'), 'create')
)
select problem from problem order by place, problem`;
