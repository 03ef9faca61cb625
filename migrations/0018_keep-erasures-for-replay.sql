-- Up Migration
-- An erasure is remembered, by the SHA-256 of the user's id, for as long as backups hold what it erased: they are told again.
alter table erasure_fence add column receipt_id uuid;
do $$
begin
  -- Whoever erases on behalf of a learner may do no more than that.
  if to_regrole('rag_app') is not null then
    grant update (receipt_id) on erasure_fence to rag_app;
  end if;
end $$;
create index idx_erasure_fence_user on erasure_fence (user_sha256, asked_until);

-- A receipt that was issued between a backup and its restore, and whose number in the chain is another's by now.
alter table erasure_receipt add column replays_id uuid;
alter table erasure_receipt add column replays_hash text check (replays_hash ~ '^[0-9a-f]{64}$');
alter table erasure_receipt add constraint erasure_receipt_replays_whole
  check ((replays_id is null) = (replays_hash is null));
create index idx_erasure_receipt_replays on erasure_receipt (replays_id) where replays_id is not null;

comment on table erasure_fence is
  'Erasures under way, and done since the oldest backup. The user is a SHA-256; the worker removes old rows.';
comment on column erasure_fence.receipt_id is 'Null: under way, or given up so that nothing was erased.';
comment on column erasure_receipt.replays_id is
  'The receipt that a backup did not have, of an erasure that was done again after it was restored.';

-- Down Migration
drop index if exists idx_erasure_receipt_replays;
alter table erasure_receipt drop column if exists replays_hash, drop column if exists replays_id;
drop index if exists idx_erasure_fence_user;
alter table erasure_fence drop column if exists receipt_id;
comment on table erasure_fence is 'Erasures under way or of the last day. The user is a SHA-256; the worker removes old rows.';
