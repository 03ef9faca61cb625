-- Up Migration
-- Rows of up to a page stay in one piece: ranking reads the terms of a thousand candidates, and fetching each from a TOAST
-- table costs more than scoring it.
create table passage (
  id uuid primary key default rag_uuidv7(),
  content_id uuid not null,
  content_type content_type not null,
  position integer not null check (position >= 0),
  paragraph_index integer not null check (paragraph_index >= 0),
  page_number integer check (page_number >= 1),
  title text not null,
  heading text not null default '',
  text text not null,
  terms tsvector not null,
  term_count integer not null check (term_count >= 0),
  created_at timestamptz not null default now(),
  start_seconds integer check (start_seconds >= 0),
  unique (content_id, content_type, position)
) with (toast_tuple_target = 8160);
create index idx_passage_terms on passage using gin (terms) with (fastupdate = off);

-- How many passages contain each term, for the term rarity in BM25. Transactions that write passages update it.
create table passage_term (
  term text primary key,
  passages integer not null check (passages > 0)
) with (fillfactor = 70);

-- One row: the size of the corpus, for BM25's length normalisation. Every transaction that writes passages locks it first, so
-- that writers run one after the other and cannot deadlock.
create table passage_corpus (
  only_row boolean primary key default true check (only_row),
  passages bigint not null default 0 check (passages >= 0),
  term_count bigint not null default 0 check (term_count >= 0)
);
insert into passage_corpus default values;

-- Whether an access policy lets a user read. An empty list does not limit. A value that the request lacks and a policy that
-- cannot be parsed deny access. Not `parallel safe`: before PostgreSQL 17 an exception block fails in a parallel plan.
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

comment on table passage is 'The text of documents, in the pieces that are retrieved and cited. No other table holds this text.';
comment on column passage.terms is 'Terms of title (weight A), headings (B) and text (D), made by chat/search/search-terms.ts, with their positions.';
comment on column passage.term_count is 'Length of terms, counting repetitions.';
comment on column passage.paragraph_index is 'Index of the passage''s first paragraph within its document, from 0.';
comment on column passage.page_number is 'Page of the source, from 1. Null: the format has no pages.';
comment on column passage.start_seconds is 'Second of the recording at which the passage begins. Null: the source has no time.';

-- Down Migration
drop table if exists passage_corpus, passage_term, passage;
drop function if exists rag_may_read(jsonb, text[], text, inet, timestamptz);
