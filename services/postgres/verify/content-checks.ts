/** Checks of the rows that tell of content. */
import { type Check, sqlCheck } from './check.ts';

const takeInAgain = 'take the content in again (cli -- ingest), or delete the rows of what is not wanted';

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
  ),
  sqlCheck(
    'content that was removed has no passages',
    'removed content must not be found again: delete its passages, and run retention (cli -- retention)',
    `select format('%s passages of %s %s', count(*), content_type, content_id) as problem
    from passage join provenance using (content_id, content_type)
    where removed_at is not null and superseded_at is null and provenance.content_type <> 'ai_response'
    group by content_type, content_id order by 1 limit 100`,
  ),
  sqlCheck(
    'every material of provenance is there',
    'give the material back to materials, or delete what was taken in for it',
    `select format('material %s, from %s', material_id, coalesce(source_uri, 'an unknown source')) as problem
    from provenance where material_id is not null
      and not exists (select from materials where materials.id = material_id) order by 1 limit 100`,
  ),
  sqlCheck(
    'every content has one current version',
    'set superseded_at on all versions but the newest',
    `select format('%s %s has %s', content_type, content_id, count(*)) as problem
    from provenance where superseded_at is null and content_type <> 'ai_response'
    group by content_type, content_id having count(*) > 1 order by 1 limit 100`,
  ),
  sqlCheck(
    'the size of the corpus is right',
    'update passage_corpus set (passages, term_count) = (select count(*), coalesce(sum(term_count), 0) from passage); until then answers are ranked badly',
    `select format('%s passages and %s terms are told of %s and %s', told.passages, told.term_count, counted.passages, counted.terms)
      as problem
    from (select count(*) as passages, coalesce(sum(term_count), 0) as terms from passage) as counted
    left join passage_corpus told on true
    where (told.passages, told.term_count) is distinct from (counted.passages, counted.terms)`,
  ),
  sqlCheck(
    'the counts of terms are right',
    'count them again: lock passage_corpus (select … for update), then make the rows of passage_term from ' +
      "ts_stat('select terms from passage')",
    `select format('%s terms are counted wrongly', count(*)) as problem
    from passage_term full join ts_stat('select terms from passage') as counted on word = term
    where passages is distinct from ndoc having count(*) > 0`,
  ),
  sqlCheck(
    'the sources that come with the service are registered',
    'insert them again, as migration 0002 does; to switch one off, set its column enabled to false',
    `select format('%s is missing', wanted) as problem from unnest('{note,local}'::text[]) as wanted
    where not exists (select from plugin_registry where source = wanted) order by 1`,
  ),
];
