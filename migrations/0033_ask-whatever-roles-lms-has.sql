-- Up Migration
-- Who is in users asks, whatever roles and addresses the LMS's types allow: the token's are looked at only where a user is made.
create or replace function rag_ensure_user(told_email text, told_role text) returns void language plpgsql as $$
begin
  if exists (select from users where id = rag_asker()) then
    return;
  end if;
  declare
    -- An LMS may have types of its own for these.
    own_email users.email%type = told_email;
    own_role users.role%type = told_role;
  begin
    insert into users (id, email, role)
    values (rag_asker(), case when exists (select from users where email = own_email) then null else own_email end, own_role)
    on conflict (id) do nothing;
  end;
-- A right that is missing, a trigger of the LMS that refuses, a column that the LMS computes.
exception when insufficient_privilege or raise_exception or generated_always then
  raise exception 'only the LMS makes users' using errcode = 'integrity_constraint_violation';
end $$;
do $$
begin
  -- Replacing it leaves these out.
  execute format('alter function rag_ensure_user(text, text) security definer set search_path = %s, pg_temp',
    (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name));
end $$;

-- Down Migration
create or replace function rag_ensure_user(told_email text, told_role text) returns void language plpgsql as $$
declare
  -- An LMS may have types of its own for these.
  own_email users.email%type = told_email;
  own_role users.role%type = told_role;
begin
  -- Where the LMS lets nobody else make users, those who are there may ask all the same.
  if exists (select from users where id = rag_asker()) then
    return;
  end if;
  insert into users (id, email, role)
  values (rag_asker(), case when exists (select from users where email = own_email) then null else own_email end, own_role)
  on conflict (id) do nothing;
exception when insufficient_privilege then
  raise exception 'only the LMS makes users' using errcode = 'integrity_constraint_violation';
end $$;
do $$
begin
  execute format('alter function rag_ensure_user(text, text) security definer set search_path = %s, pg_temp',
    (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name));
end $$;
