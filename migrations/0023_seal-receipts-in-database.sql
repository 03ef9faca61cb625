-- Up Migration
-- A receipt's number, what it follows and its hash are the database's to say: whoever erases hands over what was erased, and
-- can neither leave a number out nor write, alter or delete a receipt.
create function rag_add_receipt(
  told_id uuid, told_at timestamptz, told_account boolean, told_counts jsonb, stands_for uuid, stands_for_hash text
) returns erasure_receipt language plpgsql as $$
declare
  head erasure_chain%rowtype;
  added erasure_receipt%rowtype;
  counts text;
begin
  if not exists (
    select from jsonb_each_text(told_counts)
    having count(*) = 5 and array_agg(key order by key collate "C") filter (where value ~ '^[0-9]{1,15}$')
      = array['ai_dialogue_log', 'idempotency_key', 'provenance', 'relevance_judging', 'users']
  ) then
    raise exception 'a receipt counts the rows of five tables' using errcode = 'invalid_parameter_value';
  end if;
  select string_agg(format('"%s":%s', key, value::bigint), ',' order by key collate "C") into counts
  from jsonb_each_text(told_counts);
  -- Who adds a receipt holds the end of the chain until the commit.
  select * into head from erasure_chain for update;
  if not found then
    raise exception 'erasure_chain has lost its row: `cli -- verify-receipts` tells more';
  end if;
  added.number = head.receipts + 1;
  added.id = coalesce(told_id, gen_random_uuid());
  added.erased_at = date_trunc('milliseconds', coalesce(told_at, clock_timestamp()));
  added.account = told_account;
  added.counts = format('{%s}', counts);
  added.previous_hash = head.hash;
  added.replays_id = stands_for;
  added.replays_hash = stands_for_hash;
  -- As docs/learner-rights.md says, so that anybody can compute it.
  added.hash = encode(sha256(convert_to(concat(
    head.hash, E'\n', '{"account":', to_json(told_account), ',"counts":{', counts, '},"erasedAt":"',
    to_char(added.erased_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '","id":"', added.id, '","number":', added.number,
    case when stands_for is not null then format(',"replays":{"hash":"%s","id":"%s"}', stands_for_hash, stands_for) end, '}'
  ), 'UTF8')), 'hex');
  insert into erasure_receipt select added.*;
  update erasure_chain set receipts = added.number, hash = added.hash;
  return added;
end $$;

-- An erasure has one fence, and a fence has one receipt. When it was done, the database says.
create function rag_append_receipt(fence uuid, account boolean, counts jsonb) returns erasure_receipt
language plpgsql security definer as $$
declare
  added erasure_receipt%rowtype;
begin
  perform from erasure_fence
  where id = fence and user_sha256 = sha256(uuid_send(rag_asker())) and receipt_id is null for update;
  if not found then
    raise exception 'no erasure of the asker is under way' using errcode = 'insufficient_privilege';
  end if;
  added = rag_add_receipt(null, null, account, counts, null, null);
  update erasure_fence set receipt_id = added.id where id = fence;
  return added;
end $$;

do $$
declare
  path text = (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp';
  called regprocedure;
begin
  foreach called in array array[
    'rag_add_receipt(uuid, timestamptz, boolean, jsonb, uuid, text)', 'rag_append_receipt(uuid, boolean, jsonb)'
  ]::regprocedure[] loop
    execute format('alter function %s set search_path = %s', called, path);
    execute format('revoke execute on function %s from public', called);
  end loop;
end $$;
grant execute on function rag_append_receipt(uuid, boolean, jsonb) to rag_app;
revoke select, update on erasure_chain from rag_app;
revoke insert on erasure_receipt from rag_app;
revoke insert, update on erasure_fence from rag_app;
grant insert (id, user_sha256, asked_until), update (asked_until) on erasure_fence to rag_app;

comment on function rag_add_receipt(uuid, timestamptz, boolean, jsonb, uuid, text) is
  'Puts a receipt at the end of the chain. An id and a time are told of a receipt that a restored backup lacks.';
comment on function rag_append_receipt(uuid, boolean, jsonb) is 'Ends the erasure of the asker that a fence began, with its receipt.';

-- Down Migration
drop function if exists rag_append_receipt(uuid, boolean, jsonb), rag_add_receipt(uuid, timestamptz, boolean, jsonb, uuid, text);
revoke insert, update on erasure_fence from rag_app;
grant insert, update (asked_until, receipt_id) on erasure_fence to rag_app;
grant select, update on erasure_chain to rag_app;
grant insert on erasure_receipt to rag_app;
