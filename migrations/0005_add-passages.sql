-- Up Migration
-- Pieces stay inside the row up to a page: ranking reads the terms of a thousand candidates, and each fetch from a side table costs more than scoring.
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
  unique (content_id, content_type, position)
) with (toast_tuple_target = 8160);
create index idx_passage_terms on passage using gin (terms) with (fastupdate = off);

-- How many passages hold a term: the rarity that BM25 weighs with. Kept by the transactions that write passages.
create table passage_term (
  term text primary key,
  passages integer not null check (passages > 0)
) with (fillfactor = 70);

-- One row: the size of the corpus, for BM25's length normalisation. Whoever writes passages locks it first, so that writers
-- take turns and never wait for each other in a circle.
create table passage_corpus (
  only_row boolean primary key default true check (only_row),
  passages bigint not null default 0 check (passages >= 0),
  term_count bigint not null default 0 check (term_count >= 0)
);
insert into passage_corpus default values;

-- Finds the current version of a content that is taken in again.
create index idx_provenance_current_source on provenance (source_uri, content_type)
  where superseded_at is null and content_type <> 'ai_response';

-- Whether an access policy lets somebody read. An empty list does not limit; what the asker's side does not tell, and a policy
-- that cannot be understood, let nobody in. Not `parallel safe`: before PostgreSQL 17 an exception block fails in a parallel plan.
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

comment on table passage is 'The text of content, in pieces that are retrieved and cited. The only place that holds it.';
comment on column passage.terms is 'Terms of title (weight A), headings (B) and text (D), made by chat/search-terms.ts, each at its place.';
comment on column passage.term_count is 'Length of terms, repetitions counted.';
comment on column passage.paragraph_index is 'Index of the passage''s first paragraph within its content, from 0.';
comment on column passage.page_number is 'Page of the source, from 1. Null where the format has no pages.';

-- Down Migration
drop index if exists idx_provenance_current_source;
drop table if exists passage_corpus, passage_term, passage;
drop function if exists rag_may_read(jsonb, text[], text, inet, timestamptz);
