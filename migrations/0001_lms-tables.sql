-- Up Migration
-- The LMS owns users and materials. They are made here only where no LMS has made them, and never altered.
do $$
begin
  -- In whichever schema of the search path: `if not exists` looks into the first one only.
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
    -- Read by services/postgres/content/materials.ts: only here may ingest make rows.
    comment on table materials is 'Made by rag-observatory: id and title of what is taken in.';
  end if;
end $$;

-- A version 7 UUID (RFC 9562) for rows that others insert by hand: time-ordered, so that the primary key stays dense.
-- PostgreSQL 18 has uuidv7(); managed servers may be older.
create or replace function rag_uuidv7() returns uuid language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid
$$;

-- Down Migration
drop function if exists rag_uuidv7();
-- users and materials stay: they belong to the LMS.
