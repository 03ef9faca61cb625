/** Checks of the rows that tell of content. */
import { type Check, sqlCheck } from './check.ts';

/** Of both tables that tell how many passages there are. */
const countAgain = `begin;
insert into passage_corpus default values on conflict do nothing;
select from passage_corpus for update;
delete from passage_term;
insert into passage_term (term, passages) select word, ndoc from ts_stat('select terms from passage');
update passage_corpus set (passages, term_count) = (select count(*), coalesce(sum(term_count), 0) from passage);
commit;`;

const takeInAgain = 'take the content in again (npm run -s cli -- ingest PATH), or delete the passages and count again';

export const contentChecks: readonly Check[] = [
  sqlCheck(
    'every passage has current provenance',
    takeInAgain,
    `select format('%s passages of %s %s', count(*), content_type, content_id) as problem
    from passage where not exists (
      select from provenance
      where provenance.content_id = passage.content_id and provenance.content_type = passage.content_type
        and superseded_at is null and provenance.content_type <> 'ai_response'
    )
    group by content_type, content_id order by 1 limit 100`,
    [
      `delete from passage where not exists (
  select from provenance where provenance.content_id = passage.content_id
    and provenance.content_type = passage.content_type and superseded_at is null
);`,
      countAgain,
    ],
  ),
  sqlCheck(
    'content that was removed has no passages',
    'removed content must not be found again: delete its passages and count again',
    `select format('%s passages of %s %s', count(*), content_type, content_id) as problem
    from passage join provenance using (content_id, content_type)
    where removed_at is not null and superseded_at is null and provenance.content_type <> 'ai_response'
    group by content_type, content_id order by 1 limit 100`,
    [
      `delete from passage using provenance where provenance.content_id = passage.content_id
  and provenance.content_type = passage.content_type and removed_at is not null and superseded_at is null;`,
      countAgain,
    ],
  ),
  sqlCheck(
    'every material of provenance is there',
    'let the LMS give the material back; where materials is ours, this makes it again',
    `select format('material %s, from %s', material_id, coalesce(source_uri, 'an unknown source')) as problem,
      format('insert into materials (id, title) select %L, coalesce(min(title), ''unknown'') from passage where content_id = %1$L;',
        material_id) as mend
    from provenance where material_id is not null
      and not exists (select from materials where materials.id = material_id) order by 1 limit 100`,
  ),
  sqlCheck(
    'every content has one current version',
    'say of all versions but the newest that they were superseded',
    `select format('%s %s has %s', content_type, content_id, count(*)) as problem
    from provenance where superseded_at is null and content_type <> 'ai_response'
    group by content_type, content_id having count(*) > 1 order by 1 limit 100`,
    [
      `update provenance older set superseded_at = now()
where superseded_at is null and content_type <> 'ai_response' and exists (
  select from provenance newer
  where newer.content_id = older.content_id and newer.content_type = older.content_type and newer.superseded_at is null
    and (newer.acquired_at, newer.id) > (older.acquired_at, older.id)
);`,
    ],
  ),
  sqlCheck(
    'the size of the corpus is right',
    'count again; until then answers are ranked badly',
    `select format('%s passages and %s terms are told of %s and %s', told.passages, told.term_count, counted.passages, counted.terms)
      as problem
    from (select count(*) as passages, coalesce(sum(term_count), 0) as terms from passage) as counted
    left join passage_corpus told on true
    where (told.passages, told.term_count) is distinct from (counted.passages, counted.terms)`,
    [countAgain],
  ),
  sqlCheck(
    'the counts of terms are right',
    'count again; until then answers are ranked badly',
    `select format('%s terms are counted wrongly', count(*)) as problem
    from passage_term full join ts_stat('select terms from passage') as counted on word = term
    where passages is distinct from ndoc having count(*) > 0`,
    [countAgain],
  ),
  sqlCheck(
    "the counts of sources' items are right",
    'count again; until then metrics and pages tell other numbers of items',
    `select format('%s items and %s failing ones are told of %s, which has %s and %s', coalesce(told.items, 0),
      coalesce(told.failing, 0), source, coalesce(counted.items, 0), coalesce(counted.failing, 0)) as problem
    from source_item_count as told full join (
      select source, count(content_id) filter (where gone_at is null) as items, count(failure) as failing
      from source_item group by source
    ) as counted using (source)
    where (coalesce(told.items, 0), coalesce(told.failing, 0)) <> (coalesce(counted.items, 0), coalesce(counted.failing, 0))
    order by source`,
    [
      `begin;
lock table source_item in share row exclusive mode;
delete from source_item_count;
insert into source_item_count (source, items, failing)
select source, count(content_id) filter (where gone_at is null), count(failure) from source_item group by source;
commit;`,
    ],
  ),
  sqlCheck(
    'the sources that come with the service are registered',
    'insert them again; to switch one off, set its column enabled to false',
    `select format('%s is missing', wanted) as problem from unnest('{google-drive,note,local,notion,youtube}'::text[]) as wanted
    where not exists (select from plugin_registry where source = wanted) order by 1`,
    [
      `insert into plugin_registry (name, source, capabilities, version, enabled) values
  ('Note.com Integration', 'note', '{"list": true, "search": true, "filter": true, "fetch": true, "transform": false, "health": true}', '1.0.0', true),
  ('Local Materials', 'local', '{"list": true, "search": true, "filter": true, "fetch": true, "transform": true, "health": true}', '1.0.0', true),
  ('Google Drive Integration', 'google-drive', '{"list": true, "search": true, "filter": false, "fetch": true, "transform": false, "health": true}', '1.1.0', false),
  ('Notion Integration', 'notion', '{"list": true, "search": true, "filter": false, "fetch": true, "transform": false, "health": true}', '1.0.0', false),
  ('YouTube', 'youtube', '{"list": true, "search": true, "filter": true, "fetch": true, "transform": false, "health": true}', '1.0.0', false)
on conflict do nothing;`,
    ],
  ),
];
