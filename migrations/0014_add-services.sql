-- Up Migration
-- A service is an application whose turns are recorded. `rag-chat` is the built-in one.
create table rag_service (
  name text primary key check (name ~ '^[a-z][a-z0-9-]{0,49}$'),
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  anonymous_id uuid unique,
  requests_per_minute integer not null default 600 check (requests_per_minute between 1 and 1000000),
  no_answer_phrases text[] not null default '{}',
  masks jsonb not null default '[]' check (jsonb_typeof(masks) = 'array'),
  check ((name = 'rag-chat') = (anonymous_id is null))
);
insert into rag_service (name) values ('rag-chat');

create table rag_service_key (
  id uuid primary key default rag_uuidv7(),
  service text not null references rag_service (name) check (service <> 'rag-chat'),
  key_sha256 bytea not null unique check (octet_length(key_sha256) = 32),
  prefix text not null check (length(prefix) between 4 and 16),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index idx_rag_service_key_service on rag_service_key (service);

-- What a service may cite: licence and rights holder of its documents, and until when they may be used.
create table rag_service_document (
  service text not null references rag_service (name),
  reference text not null check (reference <> '' and length(reference) <= 2000),
  license_type license_type,
  rights_holder text,
  expires_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (service, reference)
);

-- Votes that arrived before their turn. Holds references only.
create table rag_pending_feedback (
  service text not null references rag_service (name),
  reference text not null check (reference <> '' and length(reference) <= 500),
  vote integer not null check (vote in (-1, 0, 1)),
  received_at timestamptz not null default now(),
  primary key (service, reference)
);
create index idx_rag_pending_feedback_received on rag_pending_feedback (received_at);

-- Constant defaults: an adopted table with rows is neither rewritten nor scanned.
alter table ai_dialogue_log
  add column if not exists service text not null default 'rag-chat',
  add column if not exists release text,
  add column if not exists service_tenant text,
  add column if not exists attributed boolean not null default false,
  add column if not exists intake jsonb;
alter table chat_failure
  add column service text not null default 'rag-chat',
  add column release text,
  add column intake jsonb;

create table rag_service_metrics_history (
  service text not null references rag_service (name),
  like rag_metrics_history including defaults including constraints,
  primary key (id)
);
create unique index idx_rag_service_metrics_day on rag_service_metrics_history (service, date);
create index idx_rag_service_metrics_date on rag_service_metrics_history (date);

-- Null means no service: the setting is absent, or empty after a transaction that had set it.
create function rag_current_service() returns text language sql stable parallel safe
  as $$ select nullif(current_setting('app.service', true), '') $$;
comment on function rag_current_service() is 'The service whose request is being served, from app.service, which programs set for one transaction at a time.';

-- Users of other applications get a row in users, because every turn belongs to one. An LMS may refuse it.
create function rag_ensure_external_users(ids uuid[]) returns void language plpgsql security definer as $$
begin
  insert into users (id, email, role)
  select id, null, 'external' from unnest(ids) as wanted (id)
  where not exists (select from users where users.id = wanted.id)
  on conflict (id) do nothing;
exception when insufficient_privilege or raise_exception or generated_always or not_null_violation or check_violation
  or invalid_text_representation then
  raise exception 'the table users accepts no user of another application' using errcode = 'integrity_constraint_violation';
end $$;
do $$
declare
  path text = (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp';
begin
  execute format('alter function rag_ensure_external_users(uuid[]) set search_path = %s', path);
end $$;
revoke execute on function rag_ensure_external_users(uuid[]) from public;
grant execute on function rag_ensure_external_users(uuid[]) to rag_app;

-- Policies decide which rows: a request of a service sees the turns, documents and votes of that service only.
do $$
declare
  protected regclass;
begin
  foreach protected in array array['rag_service_document', 'rag_pending_feedback']::regclass[] loop
    execute format('alter table %s enable row level security, force row level security', protected);
    execute format(
      'create policy owner_has_all on %s to %I using (true)',
      protected, (select rolname from pg_class join pg_roles on pg_roles.oid = relowner where pg_class.oid = protected)
    );
  end loop;
end $$;
create policy app_reads_service on ai_dialogue_log for select to rag_app
  using (service <> 'rag-chat' and service = (select rag_current_service()));
create policy app_votes_service on ai_dialogue_log for update to rag_app
  using (service <> 'rag-chat' and service = (select rag_current_service()));
create policy app_has_service on rag_service_document to rag_app using (service = (select rag_current_service()));
create policy app_has_service on rag_pending_feedback to rag_app using (service = (select rag_current_service()));
create policy worker_has_all on rag_pending_feedback to rag_worker using (true);
create policy worker_has_all on rag_service_document to rag_worker using (true);
create policy auditor_reads on rag_service_document for select to rag_auditor using (true);

grant select on rag_service, rag_service_key to rag_app;
grant update (last_used_at) on rag_service_key to rag_app;
grant select (id, service) on chat_failure to rag_app;
grant select, insert, update, delete on rag_service_document, rag_pending_feedback to rag_app;
grant select on rag_service, rag_service_document to rag_worker;
grant select, delete on rag_pending_feedback to rag_worker;
grant select, insert, update, delete on rag_service_metrics_history to rag_worker;
-- The admin API adds services and keys; it reads no hash of a key.
grant select, insert, update (removed_at, requests_per_minute, no_answer_phrases, masks) on rag_service to rag_auditor;
grant select (id, service, prefix, created_at, last_used_at, revoked_at), insert, update (revoked_at) on rag_service_key to rag_auditor;
grant select on rag_service_document, rag_service_metrics_history to rag_auditor;
grant select (service, release, attributed, intake) on ai_dialogue_log to rag_auditor;

create or replace view reporting.answers as
select
  id,
  encode(sha256((select key from pseudonym_key) || uuid_send(user_id)), 'hex') as user_pseudonym,
  model_used,
  (
    select jsonb_agg(jsonb_build_object(
      'source', citation -> 'source', 'sourceType', citation -> 'sourceType', 'valid', coalesce(citation -> 'valid', 'true'),
      'confidence', citation -> 'confidence', 'contentId', citation -> 'contentId'
    ))
    from jsonb_array_elements(case when jsonb_typeof(citations) = 'array' then citations end) as citation
    where jsonb_typeof(citation) = 'object'
  ) as citations,
  latency_ms, token_cost_jpy, citation_rate, prompt_tokens, completion_tokens, total_tokens, relevance_score, user_feedback,
  context_window_size, temperature, outcome, finish_reason, withheld, trace_id, created_at, updated_at,
  service, release, attributed
from ai_dialogue_log;

create or replace view reporting.failures as
select id, at, stage, failure, model, trace_id, service, release from chat_failure;

create view reporting.service_metrics_history as
select
  id, service, date, citation_rate, citation_count, unique_sources_count, latency_p50_ms, latency_p95_ms, latency_p99_ms,
  cost_per_answer, total_cost, total_queries, unique_users, average_tokens_per_query, average_relevance_score,
  positive_votes_rate, failed_queries, no_answer_count, priced_count, latency_histogram, slo_compliance, created_at,
  citations_by_type
from rag_service_metrics_history;

create view reporting.services as
select name, created_at, removed_at from rag_service;
grant select on reporting.service_metrics_history, reporting.services to grafana_reader;

comment on table rag_service is 'Applications whose turns are recorded, and rag-chat, the built-in one.';
comment on column rag_service.anonymous_id is 'users.id of turns that name no user.';
comment on column rag_service.no_answer_phrases is 'An answer that contains one of them is "not found".';
comment on column rag_service.masks is 'Array of {pattern, replacement}: regular expressions that are replaced in texts before they are stored.';
comment on table rag_service_key is 'Keys of services, as SHA-256. A key determines the service of what it sends.';
comment on column rag_service_key.prefix is 'The first characters of the key, to recognise it.';
comment on table rag_service_document is 'Licence, rights holder and expiry of the documents that services cite.';
comment on column rag_service_document.reference is 'The document''s id or address, as the application sends it.';
comment on table rag_pending_feedback is 'Votes whose turn has not arrived. Deleted after a week.';
comment on column rag_pending_feedback.reference is 'Id of the turn or of its trace, in lower case.';
comment on column ai_dialogue_log.service is 'rag_service.name of the application that answered.';
comment on column ai_dialogue_log.release is 'Version of the application, as it reports it. Null: not reported.';
comment on column ai_dialogue_log.service_tenant is 'Customer of the application, as it reports it. Null: not reported.';
comment on column ai_dialogue_log.attributed is 'Whether citations come from comparing sentences with documents, because the answer has no marks.';
comment on column ai_dialogue_log.intake is '{receivedAt, report, dialect, missing, dropped, notJudged, expired}: when and how an application sent the turn. Null: our own turn.';
comment on table rag_service_metrics_history is 'As rag_metrics_history, by service and day.';

-- Down Migration
drop view if exists reporting.services, reporting.service_metrics_history, reporting.failures, reporting.answers;
create view reporting.answers as
select
  id,
  encode(sha256((select key from pseudonym_key) || uuid_send(user_id)), 'hex') as user_pseudonym,
  model_used,
  (
    select jsonb_agg(jsonb_build_object(
      'source', citation -> 'source', 'sourceType', citation -> 'sourceType', 'valid', coalesce(citation -> 'valid', 'true'),
      'confidence', citation -> 'confidence', 'contentId', citation -> 'contentId'
    ))
    from jsonb_array_elements(case when jsonb_typeof(citations) = 'array' then citations end) as citation
    where jsonb_typeof(citation) = 'object'
  ) as citations,
  latency_ms, token_cost_jpy, citation_rate, prompt_tokens, completion_tokens, total_tokens, relevance_score, user_feedback,
  context_window_size, temperature, outcome, finish_reason, withheld, trace_id, created_at, updated_at
from ai_dialogue_log;
create view reporting.failures as
select id, at, stage, failure, model, trace_id from chat_failure;
grant select on reporting.answers, reporting.failures to grafana_reader;
drop policy if exists app_reads_service on ai_dialogue_log;
drop policy if exists app_votes_service on ai_dialogue_log;
drop table if exists rag_service_metrics_history, rag_pending_feedback, rag_service_document, rag_service_key, rag_service;
drop function if exists rag_ensure_external_users(uuid[]), rag_current_service();
revoke select (id, service) on chat_failure from rag_app;
alter table chat_failure drop column if exists service, drop column if exists release, drop column if exists intake;
-- The rows of other applications stay, as all rows of the base table do.
alter table ai_dialogue_log
  drop column if exists service, drop column if exists release, drop column if exists service_tenant,
  drop column if exists attributed, drop column if exists intake;
