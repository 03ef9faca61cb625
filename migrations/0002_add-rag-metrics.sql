-- Up Migration
create type content_type as enum ('material', 'creation_log', 'generated', 'note_article', 'ai_response');
create type acquisition_method as enum ('api_fetch', 'manual_upload', 'ai_generated', 'user_created', 'system_import');
create type license_type as enum (
  'cc_by', 'cc_by_sa', 'cc_by_nc', 'cc_by_nc_sa', 'proprietary', 'mit', 'apache_2_0', 'all_rights_reserved', 'public_domain'
);
create type dialogue_outcome as enum ('answered', 'no_answer');

create or replace function rag_set_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end $$;

-- An LMS may already have this table, with millions of rows. It is adopted: no statement below rewrites or scans it.
do $$
begin
  if to_regclass('ai_dialogue_log') is null then
    create table ai_dialogue_log (
      id uuid primary key default rag_uuidv7(),
      user_id uuid not null,
      session_id uuid not null,
      query text not null,
      response text not null,
      model_used varchar(100) not null,
      citations jsonb,
      latency_ms integer check (latency_ms >= 0),
      token_cost_jpy numeric(12, 6) check (token_cost_jpy >= 0),
      citation_rate numeric(5, 2) check (citation_rate between 0 and 100),
      prompt_tokens integer check (prompt_tokens >= 0),
      completion_tokens integer check (completion_tokens >= 0),
      total_tokens integer check (total_tokens >= 0),
      relevance_score numeric(3, 2) check (relevance_score between 0 and 1),
      user_feedback integer check (user_feedback in (-1, 0, 1)),
      context_window_size integer check (context_window_size >= 0),
      temperature numeric(3, 2),
      outcome dialogue_outcome not null default 'answered',
      finish_reason text,
      trace_id text,
      withheld integer not null default 0 check (withheld >= 0),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
  end if;
end $$;
alter table ai_dialogue_log
  add column if not exists citations jsonb,
  add column if not exists latency_ms integer,
  add column if not exists token_cost_jpy numeric(12, 6),
  add column if not exists citation_rate numeric(5, 2),
  add column if not exists prompt_tokens integer,
  add column if not exists completion_tokens integer,
  add column if not exists total_tokens integer,
  add column if not exists relevance_score numeric(3, 2),
  add column if not exists user_feedback integer,
  add column if not exists context_window_size integer,
  add column if not exists temperature numeric(3, 2),
  add column if not exists outcome dialogue_outcome not null default 'answered',
  add column if not exists finish_reason text,
  add column if not exists trace_id text,
  add column if not exists withheld integer not null default 0,
  add column if not exists updated_at timestamptz not null default now(),
  alter column id set default rag_uuidv7(),
  -- Rows of up to half a page stay uncompressed. By default PostgreSQL compresses the citations of every row above 2 kB, which
  -- costs an eighth of an insert's and two fifths of a rollup's processor time, and saves a fifth of the disk.
  set (toast_tuple_target = 4080);
-- An adopted table gets its checks without a scan of its rows; 0009 validates them without blocking writes.
do $$
declare
  wanted record;
begin
  for wanted in
    select name, condition from (values
      ('latency_ms', 'latency_ms >= 0'),
      ('token_cost_jpy', 'token_cost_jpy >= 0'),
      ('citation_rate', 'citation_rate between 0 and 100'),
      ('prompt_tokens', 'prompt_tokens >= 0'),
      ('completion_tokens', 'completion_tokens >= 0'),
      ('total_tokens', 'total_tokens >= 0'),
      ('relevance_score', 'relevance_score between 0 and 1'),
      ('user_feedback', 'user_feedback in (-1, 0, 1)'),
      ('context_window_size', 'context_window_size >= 0'),
      ('withheld', 'withheld >= 0')
    ) as checks (name, condition)
    where not exists (
      select from pg_constraint
      where conrelid = 'ai_dialogue_log'::regclass and conname = format('ai_dialogue_log_%s_check', name)
    )
  loop
    execute format('alter table ai_dialogue_log add constraint ai_dialogue_log_%s_check check (%s) not valid',
      wanted.name, wanted.condition);
  end loop;
  -- A table with rows gets its indexes from 0009, which does not block writes.
  if not exists (select from ai_dialogue_log) then
    create index if not exists idx_ai_dialogue_user on ai_dialogue_log (user_id);
    create index if not exists idx_ai_dialogue_session on ai_dialogue_log (session_id);
    create index if not exists idx_ai_dialogue_created_at on ai_dialogue_log (created_at);
    create index if not exists idx_ai_dialogue_citation_rate on ai_dialogue_log (citation_rate);
  end if;
end $$;

create table provenance (
  id uuid primary key default rag_uuidv7(),
  content_id uuid not null,
  content_type content_type not null,
  source_uri text,
  license_type license_type,
  acquisition_method acquisition_method,
  rights_holder text,
  permission_flag boolean not null default false,
  hash_c2pa text,
  hash_sha256 text,
  retention_years integer check (retention_years >= 0),
  access_policy jsonb,
  external_share_consent boolean not null default false,
  acquired_by uuid,
  acquired_at timestamptz not null default now(),
  last_verified_at timestamptz,
  verification_status varchar(50),
  -- make_interval in UTC is immutable. The specification's cast from text to interval is not: it depends on the session's time zone.
  expires_at timestamptz generated always as
    (((acquired_at at time zone 'UTC') + make_interval(years => retention_years)) at time zone 'UTC') stored,
  removed_at timestamptz,
  superseded_at timestamptz,
  material_id uuid generated always as (case when content_type = 'material' then content_id end) stored,
  dialogue_id uuid generated always as (case when content_type = 'ai_response' then content_id end) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  source varchar(50),
  language varchar(35),
  published_at timestamptz
);
-- Every answer has a provenance row, so indexes for documents leave ai_response out.
create index idx_provenance_content on provenance (content_id, content_type);
create index idx_provenance_source on provenance (source_uri) where content_type <> 'ai_response';
create index idx_provenance_license on provenance (license_type) where content_type <> 'ai_response';
create index idx_provenance_retention on provenance (retention_years) where content_type <> 'ai_response';
create unique index idx_provenance_current on provenance (content_id, content_type)
  where superseded_at is null and content_type <> 'ai_response';

create table rag_metrics_history (
  id uuid primary key default rag_uuidv7(),
  date date not null,
  citation_rate numeric(5, 2),
  citation_count integer,
  unique_sources_count integer,
  latency_p50_ms integer,
  latency_p95_ms integer,
  latency_p99_ms integer,
  cost_per_answer numeric(14, 6),
  total_cost numeric(16, 6),
  total_queries integer,
  unique_users integer,
  average_tokens_per_query integer,
  average_relevance_score numeric(3, 2),
  positive_votes_rate numeric(5, 2),
  failed_queries integer not null default 0,
  no_answer_count integer not null default 0,
  priced_count integer not null default 0,
  -- The check refuses JSON text, which bytea would accept.
  latency_histogram bytea check (
    octet_length(latency_histogram) >= 8 and octet_length(latency_histogram) % 4 = 0
    and substring(latency_histogram from 5 for 2) = '\x0000'
  ),
  slo_compliance jsonb,
  created_at timestamptz not null default now(),
  citations_by_type jsonb check (jsonb_typeof(citations_by_type) = 'object')
);
create index idx_rag_metrics_date on rag_metrics_history (date);
create index idx_rag_metrics_compliance on rag_metrics_history using gin (slo_compliance);

create table plugin_registry (
  id uuid primary key default rag_uuidv7(),
  name varchar(100) not null unique,
  source varchar(50) not null unique,
  capabilities jsonb not null,
  config jsonb,
  api_endpoint text,
  api_key_env_var varchar(100) check (api_key_env_var ~ '^[A-Z_][A-Z0-9_]*$'),
  enabled boolean not null default true,
  version varchar(20) not null,
  last_health_check timestamptz,
  health_status varchar(50),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  module text check (module <> ''),
  metadata jsonb check (jsonb_typeof(metadata) = 'object'),
  allowed_hosts text[] not null default '{}',
  sync_every_minutes integer check (sync_every_minutes between 1 and 525600),
  health_latency_ms integer check (health_latency_ms >= 0),
  health_error text
);
create index idx_plugin_name on plugin_registry (name);
create index idx_plugin_enabled on plugin_registry (enabled);

create or replace trigger ai_dialogue_log_updated_at before update on ai_dialogue_log
  for each row execute function rag_set_updated_at();
create or replace trigger provenance_updated_at before update on provenance
  for each row execute function rag_set_updated_at();
create or replace trigger plugin_registry_updated_at before update on plugin_registry
  for each row execute function rag_set_updated_at();

insert into plugin_registry (name, source, capabilities, version) values
  ('Note.com Integration', 'note',
   '{"list": true, "search": true, "filter": true, "fetch": true, "transform": false, "health": true}', '1.0.0'),
  ('Local Materials', 'local',
   '{"list": true, "search": true, "filter": true, "fetch": true, "transform": true, "health": true}', '1.0.0');

-- Down Migration
drop table if exists plugin_registry, rag_metrics_history, provenance;
-- The base table keeps every row and loses the columns that only this project writes. A later `up` adopts it again.
drop trigger if exists ai_dialogue_log_updated_at on ai_dialogue_log;
drop index if exists idx_ai_dialogue_user, idx_ai_dialogue_session, idx_ai_dialogue_created_at;
alter table ai_dialogue_log
  drop column if exists citations,
  drop column if exists latency_ms,
  drop column if exists token_cost_jpy,
  drop column if exists citation_rate,
  drop column if exists prompt_tokens,
  drop column if exists completion_tokens,
  drop column if exists total_tokens,
  drop column if exists relevance_score,
  drop column if exists user_feedback,
  drop column if exists context_window_size,
  drop column if exists temperature,
  drop column if exists outcome,
  drop column if exists finish_reason,
  drop column if exists trace_id,
  drop column if exists withheld,
  alter column id set default gen_random_uuid(),
  reset (toast_tuple_target);
drop function if exists rag_set_updated_at();
drop type if exists dialogue_outcome, license_type, acquisition_method, content_type;
