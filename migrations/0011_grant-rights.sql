-- Up Migration
-- All schemas of the search path, because the LMS's tables may be in another one than ours.
do $$
begin
  execute format('grant usage on schema %s to rag_app, rag_recorder, rag_worker, rag_auditor',
    (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name));
end $$;

-- rag_app serves the requests of learners.
grant select, delete, update (user_feedback) on ai_dialogue_log to rag_app;
grant delete on provenance to rag_app;
-- All columns but acquired_by: who ingested a document is not visible to other users.
grant select (
  id, content_id, content_type, source_uri, license_type, acquisition_method, rights_holder, permission_flag, hash_c2pa,
  hash_sha256, retention_years, access_policy, external_share_consent, acquired_at, last_verified_at, verification_status,
  expires_at, removed_at, superseded_at, material_id, dialogue_id, created_at, updated_at, source, language, published_at
) on provenance to rag_app;
grant select, insert, delete, update (created_at) on idempotency_key to rag_app;
grant select, delete on relevance_judging, orphaned_dialogue to rag_app;
grant select, insert (id, user_sha256, asked_until), update (asked_until) on erasure_fence to rag_app;
grant select on passage, passage_term, passage_corpus to rag_app;

-- rag_recorder inserts answers and failures and reads nothing.
grant insert on ai_dialogue_log, provenance, chat_failure to rag_recorder;

-- rag_worker runs the scheduled jobs. It inserts no answers and updates nothing of them but their score.
grant select, delete, update (relevance_score) on ai_dialogue_log to rag_worker;
grant select, insert, update (superseded_at, removed_at, last_verified_at, verification_status, hash_c2pa) on provenance to rag_worker;
grant select, delete on idempotency_key, erasure_fence, orphaned_dialogue, chat_failure to rag_worker;
grant select, insert, update, delete on relevance_judging, rag_metrics_history, job_run to rag_worker;
grant select, insert, update, delete on passage, passage_term, passage_corpus to rag_worker;
grant select, insert, update on rag_reconciliation, dialogue_retention_run, source_item, source_sync to rag_worker;
grant select, insert on retention_audit to rag_worker;
grant select, update (last_health_check, health_status, health_latency_ms, health_error) on plugin_registry to rag_worker;
grant select on source_item_count to rag_worker;
-- For the metric of overdue syncs: a source that was changed a moment ago is not overdue.
grant select on plugin_registry_audit to rag_worker;
-- For the reconciliation: how many answers were erased.
grant select (erased_at, counts) on erasure_receipt to rag_worker;

-- rag_auditor reads the metadata of all answers and documents, without questions, answers and the text of items.
grant select (
  id, user_id, session_id, model_used, citations, latency_ms, token_cost_jpy, citation_rate, prompt_tokens,
  completion_tokens, total_tokens, relevance_score, user_feedback, context_window_size, temperature, outcome, finish_reason, trace_id,
  withheld, created_at, updated_at
) on ai_dialogue_log to rag_auditor;
grant select on provenance, relevance_judging, rag_metrics_history, rag_reconciliation, plugin_registry, plugin_registry_audit,
  source_sync, source_item_count, job_run, chat_failure, retention_audit, dialogue_retention_run, erasure_receipt,
  erasure_chain, erasure_fence to rag_auditor;
grant select (source, key, version_hash, content_id, content_type, published_at, taken_at, checked_at, gone_at, failures, failure, retry_at,
  excluded, notes)
  on source_item to rag_auditor;

-- If materials belongs to the LMS, only its owner can grant this.
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
    raise notice 'To ingest materials, the owner of materials has to run: grant select, insert (id, title), update (title) on materials to rag_worker;';
  end if;
end $$;

-- What a request needs beyond the user's own rows. These run as the owner, who sees all rows, and answer for the current user only.
create function rag_session_ownership(session_id uuid) returns text language sql stable security definer as $$
  select coalesce(
    (
      select case when dialogue.user_id = rag_current_user() then 'own' else 'taken' end
      from ai_dialogue_log dialogue where dialogue.session_id = rag_session_ownership.session_id limit 1
    ),
    'unused'
  )
$$;
-- An existing user is served whatever e-mail address and role the token has; these are used only to create the user.
create function rag_ensure_user(token_email text, token_role text) returns void language plpgsql security definer as $$
begin
  if exists (select from users where id = rag_current_user()) then
    return;
  end if;
  declare
    -- The LMS may use types of its own.
    own_email users.email%type = token_email;
    own_role users.role%type = token_role;
  begin
    insert into users (id, email, role)
    values (rag_current_user(), case when exists (select from users where email = own_email) then null else own_email end, own_role)
    on conflict (id) do nothing;
  end;
-- A missing right, a trigger of the LMS that refuses the row, a generated column of the LMS.
exception when insufficient_privilege or raise_exception or generated_always then
  raise exception 'only the LMS creates users' using errcode = 'integrity_constraint_violation';
end $$;
-- Through JSON, because an LMS's table may lack created_at.
create function rag_own_user(out id uuid, out email text, out role text, out created_at timestamptz)
returns setof record language sql stable security definer as $$
  select id, email::text, role::text, (to_jsonb(users) ->> 'created_at')::timestamptz from users where id = rag_current_user()
$$;
create function rag_own_content() returns setof provenance language sql stable security definer as $$
  select * from provenance where acquired_by = rag_current_user() and content_type <> 'ai_response'
$$;
create function rag_await_own_writes() returns void language sql security definer as $$
  select from users where id = rag_current_user() for update
$$;
create function rag_delete_own_account() returns integer language plpgsql security definer as $$
declare
  deleted integer;
begin
  delete from users where id = rag_current_user();
  get diagnostics deleted = row_count;
  return deleted;
end $$;
-- For commands that name a user by e-mail address.
create function rag_find_users(user_id uuid, email text) returns setof uuid language sql stable security definer as $$
  select users.id from users where users.id = rag_find_users.user_id or lower(users.email::text) = rag_find_users.email
$$;

-- A fixed search path with temporary tables last: a caller cannot replace one of our tables by a temporary one.
do $$
declare
  path text = (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp';
  called regprocedure;
begin
  foreach called in array array[
    'rag_session_ownership(uuid)', 'rag_ensure_user(text, text)', 'rag_own_user()', 'rag_own_content()',
    'rag_await_own_writes()', 'rag_delete_own_account()', 'rag_find_users(uuid, text)'
  ]::regprocedure[] loop
    execute format('alter function %s set search_path = %s', called, path);
    execute format('revoke execute on function %s from public', called);
  end loop;
end $$;
grant execute on function rag_session_ownership(uuid), rag_ensure_user(text, text), rag_own_user(), rag_own_content(),
  rag_await_own_writes(), rag_delete_own_account(), rag_append_receipt(uuid, boolean, jsonb) to rag_app;
grant execute on function rag_enabled_sources() to rag_app, rag_worker, rag_auditor;
grant execute on function rag_find_users(uuid, text), rag_change_source(text, jsonb),
  rag_write_source_health(text, text, integer, text), rag_request_sync(text) to rag_auditor;

-- Down Migration
revoke execute on function rag_append_receipt(uuid, boolean, jsonb), rag_enabled_sources(), rag_change_source(text, jsonb),
  rag_write_source_health(text, text, integer, text), rag_request_sync(text) from rag_app, rag_worker, rag_auditor;
drop function if exists rag_find_users(uuid, text), rag_delete_own_account(), rag_await_own_writes(), rag_own_content(),
  rag_own_user(), rag_ensure_user(text, text), rag_session_ownership(uuid);
revoke all on ai_dialogue_log, provenance, idempotency_key, relevance_judging, erasure_fence, orphaned_dialogue, erasure_chain,
  erasure_receipt, passage, passage_term, passage_corpus, chat_failure, rag_metrics_history, rag_reconciliation, job_run,
  plugin_registry, plugin_registry_audit, source_item, source_item_count, source_sync, retention_audit, dialogue_retention_run
  from rag_app, rag_recorder, rag_worker, rag_auditor;
do $$
begin
  revoke all on materials from rag_worker, rag_auditor;
exception when insufficient_privilege then
  null;
end $$;
do $$
begin
  execute format('revoke all on schema %s from rag_app, rag_recorder, rag_worker, rag_auditor',
    (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name));
end $$;
