/** Damage to rows. */
import { type Damage, indexes } from './damage.ts';

/** Bypasses foreign keys. Requires a superuser. */
const withoutKeys = 'set session_replication_role = replica;';

export const rowDamages: Readonly<Record<string, Damage>> = {
  'a user deleted without foreign keys': {
    sql: `${withoutKeys} delete from users`,
    superuser: true,
    detectedBy: ['every dialogue has a user'],
    problem: '2 dialogues of user',
  },
  'an answer without provenance': {
    sql: `delete from provenance where content_type = 'ai_response'`,
    detectedBy: ['every answer has exactly one provenance row'],
    problem: 'has 0',
  },
  'an answer deleted without foreign keys': {
    sql: `${withoutKeys} delete from ai_dialogue_log`,
    superuser: true,
    detectedBy: ['every provenance row of an answer has its answer'],
  },
  'a changed answer': {
    sql: `update ai_dialogue_log set response = response || '.'`,
    unrepairable: 'the text is in a backup',
    detectedBy: ['every answer matches its hash'],
  },
  'a day with two rows': {
    sql: `drop index idx_rag_metrics_date_unique;
      insert into rag_metrics_history (date) values ('2026-03-05'), ('2026-03-05'), ('2026-03-07')`,
    detectedBy: [indexes, 'every day has one rollup row'],
    problem: '2026-03-05 has 2 rows',
  },
  'a job of a dead worker': {
    sql: `insert into job_run (job, day, state, worker, lease_until)
      values ('rollup', '2026-03-05', 'running', 'w7', now() - interval '3 hours')`,
    unrepairable: 'a worker',
    detectedBy: ['no job is stuck'],
    problem: 'rollup of 2026-03-05 by w7',
  },
  'a removed receipt': {
    sql: 'delete from erasure_receipt',
    unrepairable: 'it is in a backup',
    detectedBy: ['the chain of erasure receipts is intact'],
    problem: 'receipt 1 is missing',
  },
  'passages without provenance': {
    sql: `update provenance set superseded_at = now() where content_type = 'material'`,
    detectedBy: ['every passage has current provenance'],
    problem: '2 passages of material',
  },
  'removed content with passages': {
    sql: `update provenance set removed_at = now() where content_type = 'material'`,
    detectedBy: ['removed content has no passages'],
  },
  'a material deleted without foreign keys': {
    sql: `${withoutKeys} delete from materials`,
    superuser: true,
    detectedBy: ['every material of provenance exists'],
    problem: 'from https://example.org/tides',
  },
  'content with two current versions': {
    sql: `drop index idx_provenance_current;
      insert into provenance (content_id, content_type) select content_id, content_type from provenance
        where content_type = 'material'`,
    detectedBy: [indexes, 'every document has one current version'],
  },
  'a wrong corpus size': {
    sql: 'update passage_corpus set passages = passages + 5',
    detectedBy: ['the corpus statistics are correct'],
    problem: 'recorded 7 passages and',
  },
  'a wrong term count': {
    sql: `update passage_term set passages = passages + 3 where term like 'moon%'`,
    detectedBy: ['the term statistics are correct'],
    problem: '1 terms have a wrong count',
  },
  'a wrong item count of a source': {
    sql: `insert into source_item_count values ('note', 7, 3)
      on conflict (source) do update set items = source_item_count.items + 7, failing = source_item_count.failing + 3`,
    detectedBy: ["the sources' item counts are correct"],
    problem: 'recorded 7 items and 3 failing ones of note',
  },
  'an unregistered source': {
    sql: `delete from plugin_registry where source = 'note'`,
    detectedBy: ['the built-in sources are registered'],
    problem: 'note is missing',
  },
};
