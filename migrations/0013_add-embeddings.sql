-- Up Migration
-- Greetings, thanks and questions about the service. Reverting keeps the value: rows may have it.
alter type dialogue_outcome add value if not exists 'chitchat';

-- An embedding model as it was when its vectors were made. A model of the same name whose probe differs is another model.
create table embedding_model (
  id integer generated always as identity primary key,
  name text not null,
  passage_prefix text not null,
  dimensions integer not null check (dimensions between 1 and 16000),
  probe real[] not null,
  created_at timestamptz not null default now(),
  completed_at timestamptz,
  check (cardinality(probe) = dimensions)
);

-- Vectors have length 1. They stay in one piece with their row, uncompressed, because every search without an index reads all of
-- them. The id is the order of insertion, by which a reader that holds the vectors in memory finds the new ones.
create table passage_embedding (
  id bigint generated always as identity,
  model_id integer not null references embedding_model (id) on delete cascade,
  passage_id uuid not null references passage (id) on delete cascade,
  vector real[] not null,
  primary key (model_id, passage_id)
) with (toast_tuple_target = 8160);
alter table passage_embedding alter column vector set storage external;
create index idx_passage_embedding_passage on passage_embedding (passage_id);
create index idx_passage_embedding_id on passage_embedding (model_id, id);

-- Creates the nearest-neighbour index of a model, if pgvector is installed or the server has it. Returns whether the index exists.
-- For a new model it is created before the first vector, so it locks nothing for long. An index of pgvector has at most 4,000
-- half-precision dimensions.
create function rag_index_embeddings(model_id integer) returns boolean language plpgsql security definer as $$
declare
  size integer = (select dimensions from embedding_model where id = model_id);
  home text;
begin
  if size is null or size > 4000 or not exists (select from pg_available_extensions where name = 'vector') then
    return false;
  end if;
  begin
    create extension if not exists vector;
  exception when insufficient_privilege then
    return false;
  end;
  select quote_ident(nspname) into home
  from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'vector';
  execute format(
    'create index if not exists %I on passage_embedding using hnsw ((vector::%s.halfvec(%s)) %s.halfvec_ip_ops) where model_id = %s',
    'idx_passage_embedding_nearest_' || model_id, home, size, home, model_id
  );
  return true;
end $$;

-- Removes a model with its vectors and its index.
create function rag_drop_embedding_model(model_id integer) returns void language plpgsql security definer as $$
begin
  execute format('drop index if exists %I', 'idx_passage_embedding_nearest_' || model_id);
  delete from embedding_model where id = model_id;
end $$;

-- A fixed search path with temporary tables last: a caller cannot replace one of our tables by a temporary one.
do $$
declare
  path text = (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp';
  called regprocedure;
begin
  foreach called in array array['rag_index_embeddings(integer)', 'rag_drop_embedding_model(integer)']::regprocedure[] loop
    execute format('alter function %s set search_path = %s', called, path);
    execute format('revoke execute on function %s from public', called);
  end loop;
end $$;
grant execute on function rag_index_embeddings(integer), rag_drop_embedding_model(integer) to rag_worker;
grant select on embedding_model, passage_embedding to rag_app;
grant select, insert, update (completed_at) on embedding_model to rag_worker;
grant select, insert, delete on passage_embedding to rag_worker;
grant select on embedding_model to rag_auditor;

comment on table embedding_model is 'Models whose vectors are stored. Search uses the newest complete one.';
comment on column embedding_model.probe is 'The vector of a fixed text: by it a model is recognised, whatever its name.';
comment on column embedding_model.completed_at is 'When all passages had a vector for the first time. Null: still being built.';
comment on table passage_embedding is 'The meaning of each passage as a vector, which is deleted with it. Who may read the passage may find it by its vector.';

-- Down Migration
drop function if exists rag_drop_embedding_model(integer), rag_index_embeddings(integer);
drop table if exists passage_embedding, embedding_model;
