-- Up Migration
create table job_run (
  id uuid primary key default rag_uuidv7(),
  run_id uuid not null default rag_uuidv7(),
  job text not null,
  day date not null,
  state text not null check (state in ('running', 'succeeded', 'failed')),
  worker text not null,
  started_at timestamptz not null default now(),
  lease_until timestamptz not null,
  finished_at timestamptz,
  attempts integer not null default 1 check (attempts >= 1),
  rows_written integer,
  error text
);
-- The lease: at most one worker runs a job for a day. Session locks would not work behind poolers.
create unique index idx_job_run_lease on job_run (job, day) where state = 'running';
-- A sync may run past midnight, so its lease is by source and not by day.
create unique index idx_job_run_sync_lease on job_run (job) where state = 'running' and job like 'sync:%';
create index idx_job_run_latest on job_run (job, day, started_at desc);
create index idx_job_run_started on job_run (job, started_at desc);

create table chat_failure (
  id uuid primary key default rag_uuidv7(),
  at timestamptz not null default now(),
  stage text not null,
  failure text not null,
  model varchar(100),
  trace_id text
);
create index idx_chat_failure_at on chat_failure (at);

-- A question that is sent again with the same Idempotency-Key gets the first answer. The row is the reservation.
create table idempotency_key (
  user_id uuid not null references users (id) on delete cascade,
  key text not null,
  request_sha256 text not null,
  dialogue_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);
create index idx_idempotency_key_created_at on idempotency_key (created_at);

-- Answers that were sent to the judging model and have no score yet. The row is the claim and the count of attempts.
create table relevance_judging (
  dialogue_id uuid primary key references ai_dialogue_log (id) on delete cascade,
  attempts integer not null default 1 check (attempts >= 1),
  claimed_until timestamptz not null
);

-- Each day as Prometheus counted it beside the day as this database held it at the comparison.
create table rag_reconciliation (
  day date primary key,
  compared_at timestamptz not null default now(),
  answers_stored integer not null,
  failures_stored integer not null,
  cost_stored_jpy numeric not null,
  answers_counted double precision,
  failures_counted double precision,
  cost_counted_jpy double precision,
  erased_answers integer not null,
  unwatched_seconds integer not null,
  check (num_nulls(answers_counted, failures_counted, cost_counted_jpy) in (0, 3))
);

comment on table job_run is 'Every run of a scheduled job. Metrics about jobs are read from here, so that they survive a restart.';
comment on column job_run.run_id is 'The nightly run or the command that this day was part of: it fails if one of its days fails.';
comment on column job_run.attempts is 'How often the day was tried within the run.';
comment on table chat_failure is 'Questions that failed: stage and kind of failure, never text.';
comment on table relevance_judging is 'Relevance scores that are being calculated or failed; a scored answer has no row here.';
comment on table rag_reconciliation is 'What Prometheus counted for a day (Asia/Tokyo), and what was stored. See docs/slo.md.';
comment on column rag_reconciliation.answers_counted is 'Null: Prometheus did not scrape for too much of the day.';
comment on column rag_reconciliation.erased_answers is 'Answers, of any day, of learners who were erased between the start of the day and the comparison.';
comment on column rag_reconciliation.unwatched_seconds is 'Seconds of the day in which Prometheus scraped nothing.';

-- Down Migration
drop table if exists rag_reconciliation, relevance_judging, idempotency_key, chat_failure, job_run;
