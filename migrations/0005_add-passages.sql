-- Up Migration
create table passage (
  id uuid primary key default rag_uuidv7(),
  content_id uuid not null,
  content_type content_type not null,
  position integer not null,
  paragraph_index integer not null,
  page_number integer,
  title text not null,
  heading text not null default '',
  text text not null,
  terms tsvector not null,
  term_count integer not null check (term_count >= 0),
  created_at timestamptz not null default now(),
  unique (content_id, content_type, position)
);
create index idx_passage_terms on passage using gin (terms) with (fastupdate = off);

-- How many passages hold a term: the rarity that BM25 weighs with. Kept by the transactions that write passages.
create table passage_term (
  term text primary key,
  passages integer not null check (passages >= 0)
);

-- One row: corpus size for BM25's length normalisation.
create table passage_corpus (
  only_row boolean primary key default true check (only_row),
  passages bigint not null default 0,
  term_count bigint not null default 0
);
insert into passage_corpus default values;

comment on table passage is 'The text of content, in pieces that are retrieved and cited. The only place that holds it.';
comment on column passage.terms is 'Terms of title, heading (weights A, B) and text (D), made by chat/search-terms.ts.';
comment on column passage.paragraph_index is 'Index of the passage''s first paragraph within its content, from 0.';
comment on column passage.page_number is 'Page of the source, from 1. Null where the format has no pages.';

-- Down Migration
drop table if exists passage_corpus, passage_term, passage;
