-- Up Migration
-- What Grafana reads: the rows without what users wrote and were answered, in views that the owner has.
create schema reporting;

-- One row: a user is told apart from others by a pseudonym that nobody without this key can make from their id.
create table pseudonym_key (
  only_row boolean primary key default true check (only_row),
  key bytea not null default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
);
insert into pseudonym_key default values;

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
  context_window_size, temperature, outcome, withheld, trace_id, created_at, updated_at
from ai_dialogue_log;

create view reporting.failures as
select id, at, stage, failure, model, trace_id from chat_failure;

create view reporting.metrics_history as
select
  id, date, citation_rate, citation_count, unique_sources_count, latency_p50_ms, latency_p95_ms, latency_p99_ms,
  cost_per_answer, total_cost, total_queries, unique_users, average_tokens_per_query, average_relevance_score,
  positive_votes_rate, failed_queries, no_answer_count, priced_count, latency_histogram, slo_compliance, created_at
from rag_metrics_history;

-- Without who took it in, whom its access policy names, and an answer's hash, by which a guess at its text could be checked.
create view reporting.provenance as
select
  id, content_id, content_type, source_uri, license_type, acquisition_method, rights_holder, permission_flag, hash_c2pa,
  case when content_type <> 'ai_response' then hash_sha256 end as hash_sha256, retention_years, access_policy is not null as restricted, external_share_consent, acquired_at,
  last_verified_at, verification_status, expires_at, removed_at, superseded_at, material_id, dialogue_id, created_at,
  updated_at
from provenance;

create view reporting.plugins as
select id, name, source, capabilities, enabled, version, last_health_check, health_status, created_at, updated_at
from plugin_registry;

create view reporting.jobs as
select id, run_id, job, day, state, worker, started_at, lease_until, finished_at, attempts, rows_written, error from job_run;

create view reporting.receipts as
select number, id, erased_at, account, counts, previous_hash, hash, replays_id, replays_hash from erasure_receipt;

grant usage on schema reporting to grafana_reader;
grant select on all tables in schema reporting to grafana_reader;

comment on schema reporting is 'For Grafana: everything but text of users, and nobody''s id. See docs/roles.md.';

-- Down Migration
drop view if exists reporting.receipts, reporting.jobs, reporting.plugins, reporting.provenance, reporting.metrics_history,
  reporting.failures, reporting.answers;
drop schema if exists reporting;
drop table if exists pseudonym_key;
