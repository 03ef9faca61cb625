/** Damage to rows. */
import { type Damage, indexes } from './damage.ts';

/** Needs a superuser. */
const withoutKeyChecks = 'set session_replication_role = replica;';

export const rowDamages: Readonly<Record<string, Damage>> = {
  'a user deleted without key checks': {
    sql: `${withoutKeyChecks} delete from users`,
    superuser: true,
    seenBy: ['every dialogue has its user'],
    told: '2 dialogues of user',
  },
  'an answer without provenance': {
    sql: `delete from provenance where content_type = 'ai_response'`,
    seenBy: ['every answer has exactly one provenance row'],
    told: 'has 0',
  },
  'an answer deleted without key checks': {
    sql: `${withoutKeyChecks} delete from ai_dialogue_log`,
    superuser: true,
    seenBy: ['no provenance row tells of an answer that is gone'],
  },
  'an answer that was changed': {
    sql: `update ai_dialogue_log set response = response || '.'`,
    unmended: 'the text is in a backup',
    seenBy: ['every answer is as its hash tells'],
  },
  'a duplicate day': {
    sql: `drop index idx_rag_metrics_date_unique;
      insert into rag_metrics_history (date) values ('2026-03-05'), ('2026-03-05'), ('2026-03-07')`,
    seenBy: [indexes, 'no day is there twice'],
    told: '2026-03-05 is there 2 times',
  },
  'a job whose worker died': {
    sql: `insert into job_run (job, day, state, worker, lease_until)
      values ('rollup', '2026-03-05', 'running', 'w7', now() - interval '3 hours')`,
    unmended: 'a worker',
    seenBy: ['no job hangs'],
    told: 'rollup of 2026-03-05 by w7',
  },
  'a removed receipt': {
    sql: 'delete from erasure_receipt',
    unmended: 'it is in a backup',
    seenBy: ['receipts of erasures form an unbroken chain'],
    told: 'receipt 1 is missing',
  },
  'passages without provenance': {
    sql: `update provenance set superseded_at = now() where content_type = 'material'`,
    seenBy: ['every passage has current provenance'],
    told: '2 passages of material',
  },
  'removed content that still has passages': {
    sql: `update provenance set removed_at = now() where content_type = 'material'`,
    seenBy: ['content that was removed has no passages'],
  },
  'a material deleted without key checks': {
    sql: `${withoutKeyChecks} delete from materials`,
    superuser: true,
    seenBy: ['every material of provenance is there'],
    told: 'from https://example.org/tides',
  },
  'content with two current versions': {
    sql: `drop index idx_provenance_current;
      insert into provenance (content_id, content_type) select content_id, content_type from provenance
        where content_type = 'material'`,
    seenBy: [indexes, 'every content has one current version'],
  },
  'a corpus of another size': {
    sql: 'update passage_corpus set passages = passages + 5',
    seenBy: ['the size of the corpus is right'],
    told: '7 passages and',
  },
  'terms that are counted wrongly': {
    sql: `update passage_term set passages = passages + 3 where term like 'moon%'`,
    seenBy: ['the counts of terms are right'],
    told: '1 terms are counted wrongly',
  },
  'items of sources that are counted wrongly': {
    sql: `insert into source_item_count values ('note', 7, 3)
      on conflict (source) do update set items = source_item_count.items + 7, failing = source_item_count.failing + 3`,
    seenBy: ["the counts of sources' items are right"],
    told: '7 items and 3 failing ones are told of note',
  },
  'a source that is not registered': {
    sql: `delete from plugin_registry where source = 'note'`,
    seenBy: ['the sources that come with the service are registered'],
    told: 'note is missing',
  },
};
