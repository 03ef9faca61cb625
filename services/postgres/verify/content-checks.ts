/** Checks of the rows about content. */
import { type Check, sqlCheck } from './check.ts';

/** Rebuilds both tables of corpus statistics. */
const recount = `begin;
insert into passage_corpus default values on conflict do nothing;
select from passage_corpus for update;
delete from passage_term;
insert into passage_term (term, passages) select word, ndoc from ts_stat('select terms from passage');
update passage_corpus set (passages, term_count) = (select count(*), coalesce(sum(term_count), 0) from passage);
commit;`;

const ingestAgain =
  'ingest the content again (npm run -s cli -- ingest PATH), or delete the passages and rebuild the statistics';

export const contentChecks: readonly Check[] = [
  sqlCheck(
    'every passage has current provenance',
    ingestAgain,
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
      recount,
    ],
  ),
  sqlCheck(
    'removed content has no passages',
    'removed content must not be found: delete its passages and rebuild the statistics',
    `select format('%s passages of %s %s', count(*), content_type, content_id) as problem
    from passage join provenance using (content_id, content_type)
    where removed_at is not null and superseded_at is null and provenance.content_type <> 'ai_response'
    group by content_type, content_id order by 1 limit 100`,
    [
      `delete from passage using provenance where provenance.content_id = passage.content_id
  and provenance.content_type = passage.content_type and removed_at is not null and superseded_at is null;`,
      recount,
    ],
  ),
  sqlCheck(
    'every material of provenance exists',
    'restore the material in the LMS; if the materials table is ours, this recreates it',
    `select format('material %s, from %s', material_id, coalesce(source_uri, 'an unknown source')) as problem,
      format('insert into materials (id, title) select %L, coalesce(min(title), ''unknown'') from passage where content_id = %1$L;',
        material_id) as repair
    from provenance where material_id is not null
      and not exists (select from materials where materials.id = material_id) order by 1 limit 100`,
  ),
  sqlCheck(
    'every document has one current version',
    'mark all versions but the newest as superseded',
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
    'the corpus statistics are correct',
    'rebuild the statistics; until then passages are ranked badly',
    `select format('recorded %s passages and %s terms, found %s and %s',
        recorded.passages, recorded.term_count, counted.passages, counted.terms)
      as problem
    from (select count(*) as passages, coalesce(sum(term_count), 0) as terms from passage) as counted
    left join passage_corpus recorded on true
    where (recorded.passages, recorded.term_count) is distinct from (counted.passages, counted.terms)`,
    [recount],
  ),
  sqlCheck(
    'the term statistics are correct',
    'rebuild the statistics; until then passages are ranked badly',
    `select format('%s terms have a wrong count', count(*)) as problem
    from passage_term full join ts_stat('select terms from passage') as counted on word = term
    where passages is distinct from ndoc having count(*) > 0`,
    [recount],
  ),
  sqlCheck(
    "the sources' item counts are correct",
    'recount; until then metrics and pages show wrong numbers',
    `select format('recorded %s items and %s failing ones of %s, found %s and %s', coalesce(recorded.items, 0),
      coalesce(recorded.failing, 0), source, coalesce(counted.items, 0), coalesce(counted.failing, 0)) as problem
    from source_item_count as recorded full join (
      select source, count(content_id) filter (where gone_at is null) as items, count(failure) as failing
      from source_item group by source
    ) as counted using (source)
    where (coalesce(recorded.items, 0), coalesce(recorded.failing, 0)) <> (coalesce(counted.items, 0), coalesce(counted.failing, 0))
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
    'the built-in sources are registered',
    'insert them again; to disable a source, run: sources disable NAME',
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
