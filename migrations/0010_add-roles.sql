-- Up Migration
-- A role for each part of the programs. They cannot log in: a login is a member of the role and runs `set role`.
-- Roles belong to the whole server, so a migration of another database may have created them, or may be creating them now.
do $$
declare
  needed text;
  able boolean;
begin
  foreach needed in array array['rag_app', 'rag_recorder', 'rag_worker', 'rag_auditor', 'grafana_reader'] loop
    if not exists (select from pg_roles where rolname = needed) then
      begin
        execute format('create role %I nologin', needed);
      exception when duplicate_object or unique_violation then
        null;
      end;
    end if;
    if exists (select from pg_roles where rolname = needed and (rolsuper or rolbypassrls)) then
      raise exception 'the role % bypasses row-level security; remove superuser and bypassrls from it', needed;
    end if;
    continue when needed = 'grafana_reader';
    -- The owner needs `set role` too. Up to PostgreSQL 15 creating a role is enough for that.
    able = case when current_setting('server_version_num')::integer >= 160000
      then pg_has_role(current_user, needed, 'set') else pg_has_role(current_user, needed, 'member') end;
    continue when able;
    begin
      execute format('grant %I to %I', needed, current_user)
        || case when current_setting('server_version_num')::integer >= 160000 then ' with set true, inherit false' else '' end;
    exception when unique_violation then
      null;
    end;
  end loop;
exception when insufficient_privilege then
  raise exception '% may not create or take the roles that this migration needs (%). Ask a superuser to run: %',
    current_user, sqlerrm,
    coalesce((
      select string_agg(format('create role %I nologin; ', rolname), '' order by rolname)
      from unnest(array['rag_app', 'rag_recorder', 'rag_worker', 'rag_auditor', 'grafana_reader']) as rolname
      where rolname not in (select pg_roles.rolname from pg_roles)
    ), '') || format('grant rag_app, rag_recorder, rag_worker, rag_auditor to %I;', current_user)
    using errcode = 'insufficient_privilege';
end $$;

-- Roles of the LMS that could use an adopted table keep all its rows. If the LMS has row-level security of its own on it, its
-- policies continue to apply instead.
do $$
declare
  others text;
begin
  select string_agg(distinct quote_ident(rolname), ', ') into others
  from pg_class
  cross join lateral (
    select grantee from aclexplode(relacl)
    union all
    select grantee from pg_attribute, aclexplode(attacl) where attrelid = pg_class.oid
  ) as granted
  join pg_roles on pg_roles.oid = grantee
  where pg_class.oid = 'ai_dialogue_log'::regclass and grantee <> relowner and not relrowsecurity
    and rolname not in ('rag_app', 'rag_recorder', 'rag_worker', 'rag_auditor', 'grafana_reader');
  if others is not null then
    execute format('create policy others_as_before on ai_dialogue_log to %s using (true)', others);
    raise notice 'These roles had rights on ai_dialogue_log and keep access to all its rows: %', others;
  end if;
end $$;

-- Policies decide which rows; the grants of 0011 decide which columns and operations.
do $$
declare
  protected regclass;
begin
  foreach protected in array array[
    'ai_dialogue_log', 'provenance', 'idempotency_key', 'relevance_judging', 'erasure_fence', 'orphaned_dialogue'
  ]::regclass[] loop
    execute format('alter table %s enable row level security, force row level security', protected);
    -- Forced row-level security would also hide all rows from the owner and from the owner's functions and views.
    execute format(
      'create policy owner_has_all on %s to %I using (true)',
      protected, (select rolname from pg_class join pg_roles on pg_roles.oid = relowner where pg_class.oid = protected)
    );
  end loop;
end $$;

-- rag_app serves the requests of learners. PostgreSQL evaluates `(select …)` once per statement and can use an index with it.
create policy app_has_own on ai_dialogue_log to rag_app using (user_id = (select rag_current_user()));
create policy app_reads on provenance for select to rag_app using (
  content_type <> 'ai_response' or exists (select from ai_dialogue_log dialogue where dialogue.id = dialogue_id)
);
create policy app_deletes_own on provenance for delete to rag_app using (
  content_type = 'ai_response' and exists (select from ai_dialogue_log dialogue where dialogue.id = dialogue_id)
);
create policy app_has_own on idempotency_key to rag_app using (user_id = (select rag_current_user()));
create policy app_has_own on orphaned_dialogue to rag_app using (user_id = (select rag_current_user()));
create policy app_has_own on relevance_judging to rag_app using (
  exists (select from ai_dialogue_log dialogue where dialogue.id = dialogue_id)
);
create policy app_has_own on erasure_fence to rag_app using (user_sha256 = (select sha256(uuid_send(rag_current_user()))));

-- rag_recorder inserts answers and failures and reads nothing.
create policy recorder_adds on ai_dialogue_log for insert to rag_recorder with check (true);
create policy recorder_adds on provenance for insert to rag_recorder with check (content_type = 'ai_response');

-- rag_worker runs the scheduled jobs: rollup, scoring, ingest, retention.
create policy worker_has_all on ai_dialogue_log to rag_worker using (true);
create policy worker_reads on provenance for select to rag_worker using (true);
create policy worker_adds_content on provenance for insert to rag_worker with check (content_type <> 'ai_response');
create policy worker_changes_content on provenance for update to rag_worker using (content_type <> 'ai_response');
create policy worker_has_all on idempotency_key to rag_worker using (true);
create policy worker_has_all on relevance_judging to rag_worker using (true);
create policy worker_has_all on erasure_fence to rag_worker using (true);
create policy worker_has_all on orphaned_dialogue to rag_worker using (true);

-- rag_auditor reads the metadata of all answers and documents.
create policy auditor_reads on ai_dialogue_log for select to rag_auditor using (true);
create policy auditor_reads on provenance for select to rag_auditor using (true);
create policy auditor_reads on relevance_judging for select to rag_auditor using (true);
create policy auditor_reads on erasure_fence for select to rag_auditor using (true);

-- Down Migration
do $$
declare
  policy record;
begin
  for policy in
    select polname, polrelid::regclass as of_table from pg_policy
    where (
      polname in ('owner_has_all', 'others_as_before')
      or polroles && (select array_agg(oid) from pg_roles where rolname in ('rag_app', 'rag_recorder', 'rag_worker', 'rag_auditor'))
    ) and polrelid = any(array[
      'ai_dialogue_log', 'provenance', 'idempotency_key', 'relevance_judging', 'erasure_fence', 'orphaned_dialogue'
    ]::regclass[])
  loop
    execute format('drop policy %I on %s', policy.polname, policy.of_table);
    execute format('alter table %s no force row level security', policy.of_table);
    -- The LMS's own policies stay in force.
    if not exists (select from pg_policy where polrelid = policy.of_table) then
      execute format('alter table %s disable row level security', policy.of_table);
    end if;
  end loop;
end $$;

-- Roles are dropped unless another database uses them, a login is a member, or another login created them.
do $$
declare
  needed text;
begin
  foreach needed in array array['rag_app', 'rag_recorder', 'rag_worker', 'rag_auditor', 'grafana_reader'] loop
    continue when exists (
      select from pg_auth_members
      where roleid = to_regrole(needed) and member <> to_regrole(quote_ident(current_user))
    );
    begin
      execute format('drop role if exists %I', needed);
    exception when dependent_objects_still_exist or object_in_use or insufficient_privilege then
      null;
    end;
  end loop;
end $$;
