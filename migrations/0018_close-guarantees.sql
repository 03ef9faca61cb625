-- Up Migration
-- Whether an access policy has a shape that rag_may_read understands. A JSON null is no policy.
create or replace function rag_is_policy(policy jsonb)
returns boolean language sql immutable parallel safe
return case jsonb_typeof(policy)
  when 'null' then true
  when 'object' then not exists (
    select from jsonb_each(policy) as entry
    where jsonb_typeof(entry.value) <> 'null' and case
      when entry.key = 'expiresAt' then jsonb_typeof(entry.value) <> 'string'
      when entry.key in ('readGroups', 'writeGroups', 'geoRestrictions', 'ipWhitelist') then
        jsonb_typeof(entry.value) <> 'array'
        or jsonb_path_exists(entry.value, 'strict $[*] ? (@.type() <> "string")')
      else true
    end
  )
  else policy is null
end;

-- As before, and a policy with another shape denies access: a list, a text, an unknown limit.
create or replace function rag_may_read(policy jsonb, groups text[], country text, address inet, at timestamptz)
returns boolean language plpgsql stable as $$
declare
  read_groups jsonb = coalesce(nullif(policy->'readGroups', 'null'), '[]');
  countries jsonb = coalesce(nullif(policy->'geoRestrictions', 'null'), '[]');
  ranges jsonb = coalesce(nullif(policy->'ipWhitelist', 'null'), '[]');
begin
  return coalesce(
    rag_is_policy(policy)
    and (policy->>'expiresAt' is null or (policy->>'expiresAt')::timestamptz > at)
    and (jsonb_array_length(read_groups) = 0 or read_groups ?| groups)
    and (jsonb_array_length(countries) = 0 or countries ? country)
    and (
      jsonb_array_length(ranges) = 0
      or exists (select from jsonb_array_elements_text(ranges) as range where address <<= range::inet)
    ),
    false
  );
exception when others then
  return false;
end $$;

-- Not validated: rows that were there before keep their policy, which now denies access.
alter table provenance add constraint provenance_access_policy_shape
  check (access_policy is null or rag_is_policy(access_policy)) not valid;

-- NaN is not less than 0, but would make the cost of its whole day NaN.
alter table ai_dialogue_log add constraint ai_dialogue_log_token_cost_jpy_number
  check (token_cost_jpy <> 'NaN') not valid;

-- The audit of sources keeps what an erased administrator changed, but not who it was.
create function rag_forget_own_changes() returns void language sql security definer as $$
  update plugin_registry_audit set actor = 'user:erased' where actor = 'user:' || rag_current_user()
$$;
do $$
declare
  path text = (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp';
begin
  execute format('alter function rag_forget_own_changes() set search_path = %s', path);
end $$;
revoke all on function rag_forget_own_changes() from public;
grant execute on function rag_forget_own_changes() to rag_app;

-- Down Migration
drop function if exists rag_forget_own_changes();
alter table ai_dialogue_log drop constraint if exists ai_dialogue_log_token_cost_jpy_number;
alter table provenance drop constraint if exists provenance_access_policy_shape;
create or replace function rag_may_read(policy jsonb, groups text[], country text, address inet, at timestamptz)
returns boolean language plpgsql stable as $$
declare
  read_groups jsonb = coalesce(nullif(policy->'readGroups', 'null'), '[]');
  countries jsonb = coalesce(nullif(policy->'geoRestrictions', 'null'), '[]');
  ranges jsonb = coalesce(nullif(policy->'ipWhitelist', 'null'), '[]');
begin
  return coalesce(
    (policy->>'expiresAt' is null or (policy->>'expiresAt')::timestamptz > at)
    and (jsonb_array_length(read_groups) = 0 or read_groups ?| groups)
    and (jsonb_array_length(countries) = 0 or countries ? country)
    and (
      jsonb_array_length(ranges) = 0
      or exists (select from jsonb_array_elements_text(ranges) as range where address <<= range::inet)
    ),
    false
  );
exception when others then
  return false;
end $$;
drop function if exists rag_is_policy(jsonb);
