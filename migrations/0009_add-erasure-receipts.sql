-- Up Migration
-- Proof of each erasure, without saying whose it was: what was erased, when, chained so that a changed or missing one shows.
create table erasure_receipt (
  number bigint primary key check (number >= 1),
  id uuid not null unique,
  -- Milliseconds, as the hash has it: a finer change could not be seen.
  erased_at timestamptz(3) not null,
  account boolean not null,
  counts jsonb not null,
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  hash text not null check (hash ~ '^[0-9a-f]{64}$')
);

-- One row: how long the chain is and how it ends, so that a removed last receipt shows too. Who adds a receipt locks it.
create table erasure_chain (
  only_row boolean primary key default true check (only_row),
  receipts bigint not null check (receipts >= 0),
  hash text not null check (hash ~ '^[0-9a-f]{64}$')
);
insert into erasure_chain (receipts, hash) values (0, repeat('0', 64));

-- While a user is erased, and for questions that were asked before: keeps their answers, wherever they wait, out of the table.
create table erasure_fence (
  id uuid primary key,
  user_sha256 bytea not null,
  asked_until timestamptz not null
);

-- By statement and after the foreign keys' checks: from then on an erasure waits for this transaction, or its fence is seen.
create or replace function refuse_erased_dialogues() returns trigger language plpgsql as $$
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

comment on table erasure_receipt is 'One row an erasure. Holds nothing personal: the id is random and leads to nobody.';
comment on column erasure_receipt.account is 'Whether the row in users went too.';
comment on column erasure_receipt.counts is 'Rows erased, by table.';
comment on column erasure_receipt.hash is 'SHA-256 of previous_hash, a line break and the canonical receipt; see docs/learner-rights.md.';
comment on table erasure_fence is 'Erasures under way or of the last day. The user is a SHA-256; the worker removes old rows.';

-- Down Migration
drop trigger if exists ai_dialogue_log_not_after_erasure on ai_dialogue_log;
drop function if exists refuse_erased_dialogues();
drop table if exists erasure_fence, erasure_chain, erasure_receipt;
