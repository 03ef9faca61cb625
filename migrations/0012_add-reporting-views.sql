-- Up Migration
-- What Grafana reads: views of the owner, without questions and answers.
create schema reporting;

-- One row. Without this key a pseudonym cannot be calculated from a user's id.
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
  context_window_size, temperature, outcome, finish_reason, withheld, trace_id, created_at, updated_at
from ai_dialogue_log;

-- One row per citation.
create view reporting.citations as
select
  dialogue.id as dialogue_id, dialogue.created_at, dialogue.model_used, dialogue.outcome,
  citation ->> 'source' as source, citation ->> 'sourceType' as source_type,
  -- As text: other programs may have written an id that is not a UUID.
  citation ->> 'contentId' as content_id,
  -- Null: not judged. Other programs leave it out, which means valid.
  case coalesce(citation -> 'valid', 'true') when 'true' then true when 'false' then false end as valid
from ai_dialogue_log dialogue
cross join lateral jsonb_array_elements(case when jsonb_typeof(citations) = 'array' then citations end) as citation
where jsonb_typeof(citation) = 'object';

create view reporting.failures as
select id, at, stage, failure, model, trace_id from chat_failure;

create view reporting.metrics_history as
select
  id, date, citation_rate, citation_count, unique_sources_count, latency_p50_ms, latency_p95_ms, latency_p99_ms,
  cost_per_answer, total_cost, total_queries, unique_users, average_tokens_per_query, average_relevance_score,
  positive_votes_rate, failed_queries, no_answer_count, priced_count, latency_histogram, slo_compliance, created_at,
  citations_by_type
from rag_metrics_history;

create function rag_latency_counts(histogram bytea) returns table (bucket integer, answers bigint)
language sql immutable parallel safe as $$
  select
    case when place > 0 then
      place - 2 + (get_byte(histogram, 4) << 24) + (get_byte(histogram, 5) << 16)
        + (get_byte(histogram, 6) << 8) + get_byte(histogram, 7)
    end,
    counted
  from generate_series(0, octet_length(histogram) / 4 - 1) as place
  cross join lateral (
    select (get_byte(histogram, 4 * place)::bigint << 24) + (get_byte(histogram, 4 * place + 1) << 16)
      + (get_byte(histogram, 4 * place + 2) << 8) + get_byte(histogram, 4 * place + 3) as counted
  ) as word
  where place <> 1 and counted > 0
$$;
comment on function rag_latency_counts(bytea) is
  'The buckets of rag_metrics_history.latency_histogram that are not empty; bucket null: answers of 0 ms. See docs/rollup.md.';

-- Without who ingested a document, whom its access policy names, and the hash of an answer, which would let a reader test guesses.
create view reporting.provenance as
select
  id, content_id, content_type, source_uri, license_type, acquisition_method, rights_holder, permission_flag, hash_c2pa,
  case when content_type <> 'ai_response' then hash_sha256 end as hash_sha256, retention_years,
  access_policy is not null as restricted, external_share_consent, acquired_at, last_verified_at, verification_status,
  expires_at, removed_at, superseded_at, material_id, dialogue_id, created_at, updated_at
from provenance;

create view reporting.removals as
select id, run_id, removed_at, provenance_id, content_id, content_type, retention_years, expires_at, reason, passages
from retention_audit;

create view reporting.dialogue_retention as
select
  run_id, began_at, last_batch_at, deleted_before, held_back_by, ai_dialogue_log as dialogues, provenance, relevance_judging,
  idempotency_key
from dialogue_retention_run;

create view reporting.receipts as
select number, id, erased_at, account, counts, previous_hash, hash, replays_id, replays_hash from erasure_receipt;

create view reporting.plugins as
select id, name, source, capabilities, enabled, version, last_health_check, health_status, created_at, updated_at
from plugin_registry;

-- Annotations of graphs: what was done to a source and when, without its settings and who did it.
create view reporting.plugin_changes as
select
  id, at, source,
  case
    when change -> 'source' ->> 'from' is null and change ? 'source' then 'added'
    when change -> 'source' ->> 'to' is null and change ? 'source' then 'removed'
    when change -> 'enabled' -> 'to' = 'true' then 'enabled'
    when change ? 'enabled' then 'disabled'
    else 'configured'
  end as change
from plugin_registry_audit;

create view reporting.syncs as
select source, requested_at, started_at, finished_at, succeeded_at, outcome, error, listed, created, replaced, unchanged, removed, failed,
  skipped, unusable
from source_sync;

create view reporting.jobs as
select id, run_id, job, day, state, worker, started_at, lease_until, finished_at, attempts, rows_written, error from job_run;

create view reporting.reconciliation as
select
  day, compared_at, answers_stored, failures_stored, cost_stored_jpy, answers_counted, failures_counted, cost_counted_jpy,
  erased_answers, unwatched_seconds
from rag_reconciliation;

-- Empty if the extension pg_stat_statements is not installed, not loaded, or not readable by the owner.
create function reporting.slowest_statements()
returns table (statement text, calls bigint, total_seconds double precision, mean_ms double precision, longest_ms double precision, rows_each double precision)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  home name;
begin
  select nspname into home
  from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'pg_stat_statements';
  if home is null then
    return;
  end if;
  -- The extension replaces constants by `$1`, so statements hold no text of users.
  return query execute format(
    'select left(regexp_replace(query, ''\s+'', '' '', ''g''), 300), calls, total_exec_time / 1000, mean_exec_time, max_exec_time,
       rows::double precision / nullif(calls, 0)
     from %I.pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) and query <> ''<insufficient privilege>''
     order by total_exec_time desc limit 50', home);
exception when object_not_in_prerequisite_state then
  return;
end $$;
revoke all on function reporting.slowest_statements() from public;

grant usage on schema reporting to grafana_reader;
grant select on all tables in schema reporting to grafana_reader;
grant execute on function reporting.slowest_statements() to grafana_reader;

comment on schema reporting is 'For Grafana: all data but text and ids of users. See docs/roles.md.';

-- Down Migration
drop view if exists reporting.answers, reporting.citations, reporting.failures, reporting.metrics_history, reporting.provenance,
  reporting.removals, reporting.dialogue_retention, reporting.receipts, reporting.plugins, reporting.plugin_changes,
  reporting.syncs, reporting.jobs, reporting.reconciliation;
drop function if exists reporting.slowest_statements(), rag_latency_counts(bytea);
drop schema if exists reporting;
drop table if exists pseudonym_key;
