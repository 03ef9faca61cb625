-- Step 3 of docs/growth.md, in one transaction of some milliseconds: makes the existing table the first partition of the new one.
-- Waits briefly for its locks. After 55P03 or 40P01 nothing has changed: run it again.
set local lock_timeout = '3s';
-- Blocks no reader and no writer. A running vacuum yields after a second, and no new one starts.
lock table ai_dialogue_log, provenance, relevance_judging in share update exclusive mode;
-- Less than deadlock_timeout (a second), so that a deadlock aborts this transaction and never a question.
set local lock_timeout = '500ms';
lock table ai_dialogue_log, provenance, relevance_judging in access exclusive mode;

create temp table swap_statement (place serial, statement text) on commit drop;
-- Triggers, grants, policies and views belong to the name: read them from the existing table and recreate them for the new one.
insert into swap_statement (statement)
select pg_get_triggerdef(oid) from pg_trigger where tgrelid = 'ai_dialogue_log'::regclass and not tgisinternal;
insert into swap_statement (statement)
select format('grant %s on ai_dialogue_log to %s', privilege_type, coalesce(quote_ident(rolname), 'public'))
from pg_class, aclexplode(relacl) left join pg_roles on pg_roles.oid = grantee
where pg_class.oid = 'ai_dialogue_log'::regclass and grantee <> relowner;
insert into swap_statement (statement)
select format('grant %s (%I) on ai_dialogue_log to %s', privilege_type, attname, coalesce(quote_ident(rolname), 'public'))
from pg_attribute, aclexplode(attacl) left join pg_roles on pg_roles.oid = grantee
where attrelid = 'ai_dialogue_log'::regclass;
insert into swap_statement (statement)
select concat_ws(' ', format('create policy %I on ai_dialogue_log as %s for %s to', policyname, permissive, cmd),
  (select string_agg(case role when 'public' then 'public' else quote_ident(role) end, ', ') from unnest(roles) as role),
  'using (' || qual || ')', 'with check (' || with_check || ')')
from pg_policies where schemaname = current_schema() and tablename = 'ai_dialogue_log';
insert into swap_statement (statement)
select 'alter table ai_dialogue_log ' || setting
from pg_class, lateral (values
  (relrowsecurity, 'enable row level security'), (relforcerowsecurity, 'force row level security')
) as security (is_on, setting)
where pg_class.oid = 'ai_dialogue_log'::regclass and is_on;
-- Policies of other tables and views refer to the table itself, not to its name.
insert into swap_statement (statement)
select concat_ws(' ', format('alter policy %I on %s', polname, polrelid::regclass),
  'using (' || pg_get_expr(polqual, polrelid) || ')', 'with check (' || pg_get_expr(polwithcheck, polrelid) || ')')
from pg_policy
where polrelid <> 'ai_dialogue_log'::regclass and exists (
  select from pg_depend
  where classid = 'pg_policy'::regclass and objid = pg_policy.oid and refobjid = 'ai_dialogue_log'::regclass
);
insert into swap_statement (statement)
select format('create or replace view %s as %s', ev_class::regclass, pg_get_viewdef(ev_class))
from (
  select distinct ev_class from pg_rewrite join pg_depend on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
  where refobjid = 'ai_dialogue_log'::regclass and ev_class <> refobjid
) as view;

do $$
declare
  one record;
begin
  for one in select tgname from pg_trigger where tgrelid = 'ai_dialogue_log'::regclass and not tgisinternal loop
    execute format('drop trigger %I on ai_dialogue_log', one.tgname);
  end loop;
  -- The key of a partitioned table includes the partition column, so references by id alone cannot be checked any more.
  alter table provenance drop constraint provenance_dialogue_id_fkey;
  alter table relevance_judging drop constraint relevance_judging_dialogue_id_fkey;
  alter table ai_dialogue_log drop constraint ai_dialogue_log_pkey;
  alter table ai_dialogue_log add constraint ai_dialogue_log_before_pkey primary key using index ai_dialogue_log_before_pkey;
  for one in
    select relname from pg_index join pg_class on pg_class.oid = indexrelid
    where indrelid = 'ai_dialogue_log'::regclass and not indisprimary
  loop
    execute format('alter index %I rename to %I', one.relname, one.relname || '_before');
    execute format('alter index %I rename to %I', one.relname || '_months', one.relname);
  end loop;
  alter table ai_dialogue_log rename to ai_dialogue_log_before;
  alter table ai_dialogue_log_months rename to ai_dialogue_log;
  alter index ai_dialogue_log_months_pkey rename to ai_dialogue_log_pkey;
  execute format(
    'alter table ai_dialogue_log attach partition ai_dialogue_log_before for values from (minvalue) to (%s)',
    (select (regexp_match(pg_get_constraintdef(oid), '''[^'']+'''))[1] from pg_constraint
     where conrelid = 'ai_dialogue_log_before'::regclass and conname = 'ai_dialogue_log_before_months')
  );
  alter table ai_dialogue_log_before drop constraint ai_dialogue_log_before_months;
  for one in select statement from swap_statement order by place loop
    execute one.statement;
  end loop;
end $$;

-- An answer's provenance row has the creation time of its dialogue as acquired_at, so the pair can be the foreign key.
alter table provenance add constraint provenance_dialogue_id_fkey
  foreign key (dialogue_id, acquired_at) references ai_dialogue_log (id, created_at) on delete cascade not valid;

-- Deletes judgements with their dialogue as before. Runs as the owner, because the deleting role may not see them.
create function rag_forget_judging() returns trigger language plpgsql security definer as $$
begin
  delete from relevance_judging using removed where dialogue_id = removed.id;
  return null;
end $$;
do $$
begin
  execute format('alter function rag_forget_judging() set search_path = %I, pg_temp', current_schema());
end $$;
create trigger ai_dialogue_log_forget_judging after delete on ai_dialogue_log
  referencing old table as removed for each statement execute function rag_forget_judging();
