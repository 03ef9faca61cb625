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
-- The lease: at most one worker runs a job for a day. Session locks would break behind poolers.
create unique index idx_job_run_lease on job_run (job, day) where state = 'running';
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

-- A question sent again with the same Idempotency-Key gets the first answer. The row is the reservation.
create table idempotency_key (
  user_id uuid not null references users (id) on delete cascade,
  key text not null,
  request_sha256 text not null,
  dialogue_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);
create index idx_idempotency_key_created_at on idempotency_key (created_at);

comment on table job_run is 'Every run of a scheduled job. Metrics about jobs are read from here, so that a restart forgets nothing.';
comment on column job_run.run_id is 'The night or the command that this day was part of: the run fails if one of its days does.';
comment on column job_run.attempts is 'How often the day was tried within the run.';
comment on table chat_failure is 'Questions that failed: which stage, which failure. Never text.';

-- Down Migration
drop table if exists idempotency_key, chat_failure, job_run;
