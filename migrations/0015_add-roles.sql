-- Up Migration
-- What each part of the programs may do, in roles that nobody logs in as: whoever connects is a member and says `set role`.
-- Roles belong to the cluster, so another database may have made them, or may be making them at this moment.
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
      raise exception 'the role % bypasses row-level security; take superuser and bypassrls from it', needed;
    end if;
    continue when needed = 'grafana_reader';
    -- The owner is to say `set role` too. Making a role is enough for that up to PostgreSQL 15 only.
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
  raise exception '% may not make or take the roles that are needed here (%). Let a superuser run: %',
    current_user, sqlerrm,
    coalesce((
      select string_agg(format('create role %I nologin; ', rolname), '' order by rolname)
      from unnest(array['rag_app', 'rag_recorder', 'rag_worker', 'rag_auditor', 'grafana_reader']) as rolname
      where rolname not in (select pg_roles.rolname from pg_roles)
    ), '') || format('grant rag_app, rag_recorder, rag_worker, rag_auditor to %I;', current_user)
    using errcode = 'insufficient_privilege';
end $$;

-- Those of the LMS's tables too, where they are elsewhere.
do $$
begin
  execute format('grant usage on schema %s to rag_app, rag_recorder, rag_worker, rag_auditor',
    (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name));
end $$;

-- Whose request this is; null, and therefore nobody's, where nothing was said. After a transaction that said it, the setting is ''.
create function rag_asker() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

-- An adopted table may have readers and writers of the LMS's; row-level security must not take its rows from them.
-- Where the LMS has row-level security of its own, its policies go on to say who sees what.
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
    raise notice 'These roles could use ai_dialogue_log before and still can, for all its rows: %', others;
  end if;
end $$;

-- Policies say which rows, grants say which columns and what may be done with them.
do $$
declare
  protected regclass;
begin
  foreach protected in array array[
    'ai_dialogue_log', 'provenance', 'idempotency_key', 'relevance_judging', 'erasure_fence', 'orphaned_dialogue'
  ]::regclass[] loop
    execute format('alter table %s enable row level security, force row level security', protected);
    -- Forced, it would hide all rows from the owner too, and from the functions and views that the owner has.
    execute format(
      'create policy owner_has_all on %s to %I using (true)',
      protected, (select rolname from pg_class join pg_roles on pg_roles.oid = relowner where pg_class.oid = protected)
    );
  end loop;
end $$;

-- rag_app: what a learner's request needs. `(select …)` is evaluated once a statement, and lets an index be used.
create policy app_has_own on ai_dialogue_log to rag_app using (user_id = (select rag_asker()));
create policy app_reads on provenance for select to rag_app using (
  content_type <> 'ai_response' or exists (select from ai_dialogue_log dialogue where dialogue.id = dialogue_id)
);
create policy app_deletes_own on provenance for delete to rag_app using (
  content_type = 'ai_response' and exists (select from ai_dialogue_log dialogue where dialogue.id = dialogue_id)
);
create policy app_has_own on idempotency_key to rag_app using (user_id = (select rag_asker()));
create policy app_has_own on orphaned_dialogue to rag_app using (user_id = (select rag_asker()));
create policy app_has_own on relevance_judging to rag_app using (
  exists (select from ai_dialogue_log dialogue where dialogue.id = dialogue_id)
);
create policy app_has_own on erasure_fence to rag_app using (user_sha256 = (select sha256(uuid_send(rag_asker()))));

grant select, delete, update (user_feedback) on ai_dialogue_log to rag_app;
grant delete on provenance to rag_app;
-- All but acquired_by: whoever took a content in is nobody else's business.
grant select (
  id, content_id, content_type, source_uri, license_type, acquisition_method, rights_holder, permission_flag, hash_c2pa,
  hash_sha256, retention_years, access_policy, external_share_consent, acquired_at, last_verified_at, verification_status,
  expires_at, removed_at, superseded_at, material_id, dialogue_id, created_at, updated_at
) on provenance to rag_app;
grant select, insert, delete, update (created_at) on idempotency_key to rag_app;
grant select, delete on relevance_judging, orphaned_dialogue to rag_app;
grant select, insert, update (asked_until) on erasure_fence to rag_app;
grant select, update on erasure_chain to rag_app;
grant insert on erasure_receipt to rag_app;
grant select on passage, passage_term, passage_corpus to rag_app;

-- rag_recorder: puts answers and failures in, and reads nothing.
create policy recorder_adds on ai_dialogue_log for insert to rag_recorder with check (true);
create policy recorder_adds on provenance for insert to rag_recorder with check (content_type = 'ai_response');
grant insert on ai_dialogue_log, provenance, chat_failure to rag_recorder;

-- rag_worker: rolls up, judges, takes content in, cleans up. It makes no answers and changes none but by their score.
create policy worker_has_all on ai_dialogue_log to rag_worker using (true);
create policy worker_reads on provenance for select to rag_worker using (true);
create policy worker_adds_content on provenance for insert to rag_worker with check (content_type <> 'ai_response');
create policy worker_changes_content on provenance for update to rag_worker using (content_type <> 'ai_response');
create policy worker_has_all on idempotency_key to rag_worker using (true);
create policy worker_has_all on relevance_judging to rag_worker using (true);
create policy worker_has_all on erasure_fence to rag_worker using (true);
grant select, delete, update (relevance_score) on ai_dialogue_log to rag_worker;
grant select, insert on provenance to rag_worker;
grant update (superseded_at, removed_at, last_verified_at, verification_status, hash_c2pa) on provenance to rag_worker;
grant select, delete on idempotency_key, erasure_fence, chat_failure to rag_worker;
grant select, insert, update, delete on relevance_judging, rag_metrics_history, job_run to rag_worker;
grant select, insert, update, delete on passage, passage_term, passage_corpus to rag_worker;
grant select, update (last_health_check, health_status) on plugin_registry to rag_worker;

-- rag_auditor: reads what is known of answers and content, without what users wrote and were answered.
create policy auditor_reads on ai_dialogue_log for select to rag_auditor using (true);
create policy auditor_reads on provenance for select to rag_auditor using (true);
create policy auditor_reads on relevance_judging for select to rag_auditor using (true);
create policy auditor_reads on erasure_fence for select to rag_auditor using (true);
grant select (
  id, user_id, session_id, model_used, citations, latency_ms, token_cost_jpy, citation_rate, prompt_tokens,
  completion_tokens, total_tokens, relevance_score, user_feedback, context_window_size, temperature, outcome, trace_id,
  withheld, created_at, updated_at
) on ai_dialogue_log to rag_auditor;
grant select on provenance, relevance_judging, rag_metrics_history, plugin_registry, job_run, chat_failure, erasure_receipt,
  erasure_chain, erasure_fence to rag_auditor;

-- materials may be the LMS's, in which case only whoever has it may grant it.
do $$
begin
  grant select, insert (id, title), update (title) on materials to rag_worker;
  grant select (id, title) on materials to rag_auditor;
exception when insufficient_privilege then
  null;
end $$;
do $$
begin
  if not has_column_privilege('rag_worker', 'materials', 'title', 'select') then
    raise notice 'To take materials in, let the owner of materials run: grant select, insert (id, title), update (title) on materials to rag_worker;';
  end if;
end $$;

-- What a request needs from beyond its own rows. These run as the owner, who sees all, and tell only about the asker.
create function rag_session_standing(asked uuid) returns text language sql stable security definer as $$
  select coalesce(
    (select case when user_id = rag_asker() then 'own' else 'taken' end from ai_dialogue_log where session_id = asked limit 1),
    'unused'
  )
$$;
create function rag_ensure_user(told_email text, told_role text) returns void language plpgsql security definer as $$
declare
  -- An LMS may have types of its own for these.
  own_email users.email%type = told_email;
  own_role users.role%type = told_role;
begin
  -- Where the LMS lets nobody else make users, those who are there may ask all the same.
  if exists (select from users where id = rag_asker()) then
    return;
  end if;
  insert into users (id, email, role)
  values (rag_asker(), case when exists (select from users where email = own_email) then null else own_email end, own_role)
  on conflict (id) do nothing;
exception when insufficient_privilege then
  raise exception 'only the LMS makes users' using errcode = 'integrity_constraint_violation';
end $$;
-- An LMS's table may lack created_at.
create function rag_own_user(out id uuid, out email text, out role text, out created_at timestamptz)
returns setof record language sql stable security definer as $$
  select id, email::text, role::text, (to_jsonb(users) ->> 'created_at')::timestamptz from users where id = rag_asker()
$$;
-- An operator names a user by address.
create function rag_users_named(asked uuid, address text) returns setof uuid language sql stable security definer as $$
  select id from users where id = asked or lower(email::text) = address
$$;
create function rag_own_content() returns setof provenance language sql stable security definer as $$
  select * from provenance where acquired_by = rag_asker() and content_type <> 'ai_response'
$$;
create function rag_await_own_writes() returns void language sql security definer as $$
  select from users where id = rag_asker() for update
$$;
create function rag_delete_own_account() returns integer language plpgsql security definer as $$
declare
  deleted integer;
begin
  delete from users where id = rag_asker();
  get diagnostics deleted = row_count;
  return deleted;
end $$;

-- The search path is today's, with temporary tables last: nobody can put a table of their own in front of ours.
do $$
declare
  path text = (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp';
  called regprocedure;
begin
  foreach called in array array[
    'rag_session_standing(uuid)', 'rag_ensure_user(text, text)', 'rag_own_user()', 'rag_own_content()',
    'rag_await_own_writes()', 'rag_delete_own_account()', 'rag_users_named(uuid, text)'
  ]::regprocedure[] loop
    execute format('alter function %s set search_path = %s', called, path);
    execute format('revoke execute on function %s from public', called);
    execute format('grant execute on function %s to %I', called,
      case when called = 'rag_users_named(uuid, text)'::regprocedure then 'rag_auditor' else 'rag_app' end);
  end loop;
  -- Whoever inserts an answer may not read the fences that it is held against.
  execute format('alter function refuse_erased_dialogues() security definer set search_path = %s', path);
  revoke execute on function refuse_erased_dialogues() from public;
end $$;

comment on function rag_asker() is 'The user whose request this is, from app.user_id, which is set for one transaction at a time.';

-- Down Migration
alter function refuse_erased_dialogues() security invoker reset search_path;
grant execute on function refuse_erased_dialogues() to public;
drop function if exists rag_users_named(uuid, text), rag_delete_own_account(), rag_await_own_writes(), rag_own_content(), rag_own_user(),
  rag_ensure_user(text, text), rag_session_standing(uuid);

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
    -- What the LMS had of its own stays in force.
    if not exists (select from pg_policy where polrelid = policy.of_table) then
      execute format('alter table %s disable row level security', policy.of_table);
    end if;
  end loop;
  execute format('revoke all on schema %s from rag_app, rag_recorder, rag_worker, rag_auditor',
    (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name));
end $$;
revoke all on ai_dialogue_log, provenance, idempotency_key, relevance_judging, erasure_fence, orphaned_dialogue, erasure_chain,
  erasure_receipt, passage, passage_term, passage_corpus, chat_failure, rag_metrics_history, job_run, plugin_registry
  from rag_app, rag_recorder, rag_worker, rag_auditor;
do $$
begin
  revoke all on materials from rag_worker, rag_auditor;
exception when insufficient_privilege then
  null;
end $$;
drop function if exists rag_asker();

-- The roles go, unless another database uses them, somebody else is a member, or others have made them.
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
