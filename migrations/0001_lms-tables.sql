-- Up Migration
-- The LMS owns users and materials. This migration creates them only if no LMS has, and no migration alters them.
do $$
begin
  -- to_regclass searches the whole search path; `create table if not exists` checks its first schema only.
  if to_regclass('users') is null then
    create table users (
      id uuid primary key default gen_random_uuid(),
      email text unique,
      role text not null default 'learner',
      created_at timestamptz not null default now()
    );
  end if;
  if to_regclass('materials') is null then
    create table materials (
      id uuid primary key default gen_random_uuid(),
      title text not null,
      created_at timestamptz not null default now()
    );
    -- Programs look for this comment: ingest inserts materials only into a table that has it.
    comment on table materials is 'Made by rag-observatory: id and title of each ingested document.';
  end if;
end $$;

-- A version 7 UUID (RFC 9562): ordered by time, so that inserts go to the end of the primary key's index.
-- PostgreSQL 18 has uuidv7(), but servers from version 15 on are supported.
create or replace function rag_uuidv7() returns uuid language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid
$$;

-- Null means no user: the setting is absent, or empty after a transaction that had set it.
create function rag_current_user() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;
comment on function rag_current_user() is 'The user whose request is being served, from app.user_id, which programs set for one transaction at a time.';

-- Down Migration
drop function if exists rag_current_user(), rag_uuidv7();
-- users and materials stay: they belong to the LMS.
