/**
 * Finds foreign keys, indexes and policies of existing tables that would block writes and erasures, or expose or hide
 * rows.
 */
import type pg from 'pg';

/**
 * Reads only the system catalogue.
 * @returns one line per problem: the problem, a colon, the fix
 */
export async function findBlockingConstraints(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ problem: string }>(statement);
  return rows.map(({ problem }) => problem);
}

/** Policies that show no rows to the programs' own roles, or all rows to the migrating role, are harmless. */
const statement = `
with relation as (
  select oid, relname, relrowsecurity from pg_class
  where oid = any (array[to_regclass('users'), to_regclass('materials'), to_regclass('ai_dialogue_log')])
)
select format('the foreign key %I of %s prevents the erasure of dialogues: '
  || 'alter table %2$s drop constraint %1$I, add constraint %1$I %3$s on delete cascade',
  conname, conrelid::regclass, regexp_replace(pg_get_constraintdef(oid), ' ON (UPDATE|DELETE) .*$', '')) as problem
from pg_constraint
where contype = 'f' and confrelid = to_regclass('ai_dialogue_log') and confdeltype in ('a', 'r') and conparentid = 0

union all
select format('the unique index %s rejects identical answers: drop it, or make it non-unique', indexrelid::regclass)
from pg_index
where indrelid = to_regclass('ai_dialogue_log') and indisunique and indisvalid and indexprs is null and indpred is null and not exists (
  select from unnest(indkey) as number
  join pg_attribute on attrelid = indrelid and attnum = number
  where attname <> all ('{user_id,session_id,query,response,model_used,created_at,updated_at,citations,latency_ms,
    token_cost_jpy,citation_rate,prompt_tokens,completion_tokens,total_tokens,relevance_score,temperature,outcome,withheld}')
)

union all
select format('row-level security hides rows of %s from %s, so dialogues would appear to have no user: ', relname, current_user)
  || case relname when 'ai_dialogue_log' then 'alter table ai_dialogue_log no force row level security; it is forced again'
    else format('create policy rag_observatory on %s to %I using (true)', relname, current_user) end
from relation
where row_security_active(relation.oid) and not exists (
  select from pg_policy
  where polrelid = relation.oid and polpermissive and polcmd = '*' and pg_get_expr(polqual, polrelid) = 'true'
    and exists (select from unnest(polroles) as member where member = 0 or pg_has_role(member, 'usage'))
)

union all
select format('the policy %I of ai_dialogue_log applies to public, and so to our own roles: alter policy %1$I on ai_dialogue_log to ROLES, '
  || 'the LMS roles that it is meant for', polname)
from pg_policy
where polrelid = to_regclass('ai_dialogue_log') and 0 = any (polroles)

union all
select format('ai_dialogue_log has the policy %I, but row-level security is off: drop the policy, or alter table ai_dialogue_log enable row level security, '
  || 'which the migrations do as well', polname)
from pg_policy join relation on relation.oid = polrelid
where relname = 'ai_dialogue_log' and not relrowsecurity
order by 1`;
