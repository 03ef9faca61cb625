-- Up Migration
-- What retention and syncs removed, when and why. The provenance row itself stays, with removed_at set.
create table retention_audit (
  id uuid primary key default rag_uuidv7(),
  run_id uuid not null,
  removed_at timestamptz not null default now(),
  provenance_id uuid not null unique,
  content_id uuid not null,
  content_type content_type not null,
  source_uri text,
  acquired_at timestamptz not null,
  retention_years integer,
  expires_at timestamptz,
  reason text not null check (reason in ('expired', 'former_version_expired', 'gone_at_source', 'removed_by_operator')),
  passages integer not null check (passages >= 0),
  constraint retention_audit_expiry_check check (reason in ('gone_at_source', 'removed_by_operator') or expires_at is not null)
);
create index idx_retention_audit_removed_at on retention_audit (removed_at);
comment on table retention_audit is 'One row per provenance row whose document was removed. See docs/retention.md.';
comment on column retention_audit.run_id is 'job_run.run_id of the nightly run or the command. A run that was stopped half-way has no row there.';
comment on column retention_audit.reason is 'expired: the current version. former_version_expired: a replaced version, whose passages were already gone. gone_at_source: deleted at its source. removed_by_operator: removed with a command.';

-- One row per run that deletes old dialogues; each batch adds to its counts. Nothing in it identifies a user.
create table dialogue_retention_run (
  run_id uuid primary key,
  began_at timestamptz not null default now(),
  last_batch_at timestamptz,
  deleted_before timestamptz not null,
  held_back_by date,
  ai_dialogue_log bigint not null default 0 check (ai_dialogue_log >= 0),
  provenance bigint not null default 0 check (provenance >= 0),
  relevance_judging bigint not null default 0 check (relevance_judging >= 0),
  idempotency_key bigint not null default 0 check (idempotency_key >= 0)
);
-- The rollup reads up to which day dialogues were deleted.
create index idx_dialogue_retention_deleted on dialogue_retention_run (deleted_before) where ai_dialogue_log > 0;
comment on table dialogue_retention_run is 'Dialogues deleted because of their age, by run: counts, no users.';
comment on column dialogue_retention_run.deleted_before is 'Dialogues older than this instant, the start of a day in Asia/Tokyo, were deleted.';
comment on column dialogue_retention_run.held_back_by is 'The first day without a rollup: that day and later ones were kept although they were old enough. Null: none.';

-- Proof of each erasure without the user's identity: what was erased and when, chained so that a changed or missing row shows.
create table erasure_receipt (
  number bigint primary key check (number >= 1),
  id uuid not null unique,
  -- Milliseconds, as in the hash, which would not show a finer change.
  erased_at timestamptz(3) not null,
  account boolean not null,
  counts jsonb not null,
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  replays_id uuid,
  replays_hash text check (replays_hash ~ '^[0-9a-f]{64}$'),
  constraint erasure_receipt_replays_whole check ((replays_id is null) = (replays_hash is null))
);
create index idx_erasure_receipt_replays on erasure_receipt (replays_id) where replays_id is not null;
comment on table erasure_receipt is 'One row per erasure. Holds no personal data: the id is random.';
comment on column erasure_receipt.account is 'Whether the row in users was deleted too.';
comment on column erasure_receipt.counts is 'Rows erased, by table.';
comment on column erasure_receipt.hash is 'SHA-256 of previous_hash, a line break and the canonical receipt; see docs/learner-rights.md.';
comment on column erasure_receipt.replays_id is 'The receipt that a restored backup lacked, of an erasure that was repeated after the restore.';

-- One row: the length and the last hash of the chain, so that a missing last receipt shows too. Adding a receipt locks it.
create table erasure_chain (
  only_row boolean primary key default true check (only_row),
  receipts bigint not null check (receipts >= 0),
  hash text not null check (hash ~ '^[0-9a-f]{64}$')
);
insert into erasure_chain (receipts, hash) values (0, repeat('0', 64));

-- Keeps answers of an erased user to questions asked before the erasure out of the table, wherever they are queued. It stays as
-- long as backups hold what was erased, so that the erasure can be repeated after a restore.
create table erasure_fence (
  id uuid primary key,
  user_sha256 bytea not null,
  asked_until timestamptz not null,
  receipt_id uuid
);
create index idx_erasure_fence_user on erasure_fence (user_sha256, asked_until);
comment on table erasure_fence is 'Erasures in progress, and those since the oldest backup. The user is a SHA-256; the worker deletes old rows.';
comment on column erasure_fence.receipt_id is 'Null: in progress, or cancelled before anything was erased.';

-- After the statement and its foreign key checks: from then on an erasure waits for this transaction, or its fence is visible.
-- Security definer: the role that inserts answers may not read the fences.
create or replace function refuse_erased_dialogues() returns trigger language plpgsql security definer as $$
begin
  if exists (select from erasure_fence) and exists (
    select from added
    join erasure_fence fence
      on fence.user_sha256 = sha256(uuid_send(added.user_id)) and added.created_at <= fence.asked_until
  ) then
    raise exception 'the user of this dialogue was erased after it began' using errcode = '23E01';
  end if;
  return null;
end $$;
create or replace trigger ai_dialogue_log_not_after_erasure after insert on ai_dialogue_log
  referencing new table as added for each statement execute function refuse_erased_dialogues();

-- The database sets number, previous hash and hash of a receipt. Callers pass only what was erased, so they can neither skip a
-- number nor write, change or delete a receipt.
create function rag_add_receipt(
  new_id uuid, erased_at timestamptz, account boolean, counts jsonb, replays_id uuid, replays_hash text
) returns erasure_receipt language plpgsql as $$
declare
  head erasure_chain%rowtype;
  added erasure_receipt%rowtype;
  canonical_counts text;
begin
  if not exists (
    select from jsonb_each_text(counts)
    having count(*) = 5 and array_agg(key order by key collate "C") filter (where value ~ '^[0-9]{1,15}$')
      = array['ai_dialogue_log', 'idempotency_key', 'provenance', 'relevance_judging', 'users']
  ) then
    raise exception 'a receipt counts the rows of five tables' using errcode = 'invalid_parameter_value';
  end if;
  select string_agg(format('"%s":%s', key, value::bigint), ',' order by key collate "C") into canonical_counts
  from jsonb_each_text(counts);
  -- Locks the end of the chain until the commit.
  select * into head from erasure_chain for update;
  if not found then
    raise exception 'erasure_chain has no row; run `cli -- verify-receipts` for details';
  end if;
  added.number = head.receipts + 1;
  added.id = coalesce(new_id, gen_random_uuid());
  added.erased_at = date_trunc('milliseconds', coalesce(erased_at, clock_timestamp()));
  added.account = account;
  added.counts = format('{%s}', canonical_counts);
  added.previous_hash = head.hash;
  added.replays_id = replays_id;
  added.replays_hash = replays_hash;
  -- The format is public, in docs/learner-rights.md, so that anyone can calculate the hash.
  added.hash = encode(sha256(convert_to(concat(
    head.hash, E'\n', '{"account":', to_json(account), ',"counts":{', canonical_counts, '},"erasedAt":"',
    to_char(added.erased_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '","id":"', added.id, '","number":', added.number,
    case when replays_id is not null then format(',"replays":{"hash":"%s","id":"%s"}', replays_hash, replays_id) end, '}'
  ), 'UTF8')), 'hex');
  insert into erasure_receipt select added.*;
  update erasure_chain set receipts = added.number, hash = added.hash;
  return added;
end $$;

-- An erasure has one fence, and a fence gets one receipt, dated by the database.
create function rag_append_receipt(fence uuid, account boolean, counts jsonb) returns erasure_receipt
language plpgsql security definer as $$
declare
  added erasure_receipt%rowtype;
begin
  perform from erasure_fence
  where id = fence and user_sha256 = sha256(uuid_send(rag_current_user())) and receipt_id is null for update;
  if not found then
    raise exception 'the current user has no erasure in progress' using errcode = 'insufficient_privilege';
  end if;
  added = rag_add_receipt(null, null, account, counts, null, null);
  update erasure_fence set receipt_id = added.id where id = fence;
  return added;
end $$;
comment on function rag_add_receipt(uuid, timestamptz, boolean, jsonb, uuid, text) is
  'Appends a receipt to the chain. Id and time are passed only for a receipt that a restored backup lacks.';
comment on function rag_append_receipt(uuid, boolean, jsonb) is
  'Ends the erasure of the current user that a fence began, and issues its receipt.';

-- A fixed search path with temporary tables last: a caller cannot replace one of our tables by a temporary one.
do $$
declare
  path text = (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp';
  called regprocedure;
begin
  foreach called in array array[
    'refuse_erased_dialogues()', 'rag_add_receipt(uuid, timestamptz, boolean, jsonb, uuid, text)',
    'rag_append_receipt(uuid, boolean, jsonb)'
  ]::regprocedure[] loop
    execute format('alter function %s set search_path = %s', called, path);
    execute format('revoke execute on function %s from public', called);
  end loop;
end $$;

-- Down Migration
drop trigger if exists ai_dialogue_log_not_after_erasure on ai_dialogue_log;
drop function if exists rag_append_receipt(uuid, boolean, jsonb), rag_add_receipt(uuid, timestamptz, boolean, jsonb, uuid, text),
  refuse_erased_dialogues();
drop table if exists erasure_fence, erasure_chain, erasure_receipt, dialogue_retention_run, retention_audit;
