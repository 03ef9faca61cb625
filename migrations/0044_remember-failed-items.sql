-- Up Migration
-- An item that could not be taken in is kept as it was listed, so that it is tried again by itself and listings go on from where they were.
alter table source_item
  add column failed_stamp text,
  add column failed_item json,
  add column retry_at timestamptz;
comment on column source_item.failures is 'How often the version that failed was tried.';
comment on column source_item.failed_stamp is 'Of the version that failed, and of what else decides how it is stored. Null: none did, or it is kept by no more than its reason.';
comment on column source_item.failed_item is 'What the plugin told of it when it was listed.';
comment on column source_item.retry_at is 'When it is tried again, listed or not. Null: whenever it is listed.';
-- What the plugin told may be the item''s text, which is none of the auditors'' business.
revoke select on source_item from rag_auditor;
grant select (source, key, stamp, content_id, content_type, published_at, taken_at, checked_at, gone_at, failures, failure, retry_at)
  on source_item to rag_auditor;
-- Whether other items hold the content of one that goes.
create index idx_source_item_content on source_item (content_id) where gone_at is null;

-- How many items a source has is kept with each change: metrics ask every few seconds, and sources have hundreds of thousands.
create table source_item_count (
  source varchar(50) primary key,
  items integer not null,
  failing integer not null
);
comment on table source_item_count is 'Counts of source_item. Without a key to the registry: where a source is renamed, its items are counted anew under its name.';
comment on column source_item_count.items is 'Items that were taken in and are not gone.';
comment on column source_item_count.failing is 'Items that could not be taken in the last time.';

create function rag_count_source_items() returns trigger language plpgsql security definer as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from source_item_count;
  elsif tg_op = 'DELETE' then
    update source_item_count counted set items = counted.items - gone.items, failing = counted.failing - gone.failing
    from (
      select source, count(content_id) filter (where gone_at is null) as items, count(failure) as failing
      from before group by source
    ) as gone
    where counted.source = gone.source;
  elsif tg_op = 'INSERT' then
    insert into source_item_count as counted (source, items, failing)
    select source, count(content_id) filter (where gone_at is null), count(failure) from after group by source
    on conflict (source) do update set items = counted.items + excluded.items, failing = counted.failing + excluded.failing;
  else
    insert into source_item_count as counted (source, items, failing)
    select source, sum(items), sum(failing) from (
      select source, count(content_id) filter (where gone_at is null) as items, count(failure) as failing
      from after group by source
      union all
      select source, -count(content_id) filter (where gone_at is null), -count(failure) from before group by source
    ) as change
    group by source having sum(items) <> 0 or sum(failing) <> 0
    on conflict (source) do update set items = counted.items + excluded.items, failing = counted.failing + excluded.failing;
  end if;
  return null;
end $$;
do $$
declare
  path text = (select string_agg(quote_ident(name), ', ') from unnest(current_schemas(false)) as name) || ', pg_temp';
begin
  execute format('alter function rag_count_source_items() set search_path = %s', path);
  revoke execute on function rag_count_source_items() from public;
end $$;
create trigger source_item_inserted after insert on source_item
  referencing new table as after for each statement execute function rag_count_source_items();
create trigger source_item_updated after update on source_item
  referencing old table as before new table as after for each statement execute function rag_count_source_items();
create trigger source_item_deleted after delete on source_item
  referencing old table as before for each statement execute function rag_count_source_items();
create trigger source_item_truncated after truncate on source_item
  for each statement execute function rag_count_source_items();
insert into source_item_count (source, items, failing)
select source, count(content_id) filter (where gone_at is null), count(failure) from source_item group by source;
grant select on source_item_count to rag_worker, rag_auditor;

-- Down Migration
drop trigger if exists source_item_inserted on source_item;
drop trigger if exists source_item_updated on source_item;
drop trigger if exists source_item_deleted on source_item;
drop trigger if exists source_item_truncated on source_item;
drop function if exists rag_count_source_items();
drop table if exists source_item_count;
drop index if exists idx_source_item_content;
alter table source_item drop column if exists failed_stamp, drop column if exists failed_item, drop column if exists retry_at;
comment on column source_item.failures is null;
revoke select (source, key, stamp, content_id, content_type, published_at, taken_at, checked_at, gone_at, failures, failure)
  on source_item from rag_auditor;
grant select on source_item to rag_auditor;
