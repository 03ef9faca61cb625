/** Damages to rows. */
import { type Damage, indexes } from './damage.ts';

/** Needs a superuser. */
const pastTheKeys = 'set session_replication_role = replica;';

export const rowDamages: Readonly<Record<string, Damage>> = {
  'a user deleted past the keys': {
    sql: `${pastTheKeys} delete from users`,
    superuser: true,
    seenBy: ['every dialogue has a user'],
    told: '2 dialogues of user',
  },
  'an answer without provenance': {
    sql: `delete from provenance where content_type = 'ai_response'`,
    seenBy: ['every answer has exactly one provenance row'],
    told: 'has 0',
  },
  'an answer deleted past the keys': {
    sql: `${pastTheKeys} delete from ai_dialogue_log`,
    superuser: true,
    seenBy: ['every provenance row of an answer has its answer'],
  },
  'an answer that was changed': {
    sql: `update ai_dialogue_log set response = response || '.'`,
    unmended: 'the text is in a backup',
    seenBy: ['every answer matches its hash'],
  },
  'a day that is there twice': {
    sql: `drop index idx_rag_metrics_date_unique;
      insert into rag_metrics_history (date) values ('2026-03-05'), ('2026-03-05'), ('2026-03-07')`,
    seenBy: [indexes, 'every day has one rollup row'],
    told: '2026-03-05 has 2 rows',
  },
  'a job whose worker died': {
    sql: `insert into job_run (job, day, state, worker, lease_until)
      values ('rollup', '2026-03-05', 'running', 'w7', now() - interval '3 hours')`,
    unmended: 'a worker',
    seenBy: ['no job is stuck'],
    told: 'rollup of 2026-03-05 by w7',
  },
  'a removed receipt': {
    sql: 'delete from erasure_receipt',
    unmended: 'it is in a backup',
    seenBy: ['the chain of erasure receipts is intact'],
    told: 'receipt 1 is missing',
  },
  'passages without provenance': {
    sql: `update provenance set superseded_at = now() where content_type = 'material'`,
    seenBy: ['every passage has current provenance'],
    told: '2 passages of material',
  },
  'removed content that still has passages': {
    sql: `update provenance set removed_at = now() where content_type = 'material'`,
    seenBy: ['removed content has no passages'],
  },
  'a material deleted past the keys': {
    sql: `${pastTheKeys} delete from materials`,
    superuser: true,
    seenBy: ['every material of provenance exists'],
    told: 'from https://example.org/tides',
  },
  'content with two current versions': {
    sql: `drop index idx_provenance_current;
      insert into provenance (content_id, content_type) select content_id, content_type from provenance
        where content_type = 'material'`,
    seenBy: [indexes, 'every document has one current version'],
  },
  'a corpus of another size': {
    sql: 'update passage_corpus set passages = passages + 5',
    seenBy: ['the corpus statistics are correct'],
    told: 'recorded 7 passages and',
  },
  'terms that are counted wrongly': {
    sql: `update passage_term set passages = passages + 3 where term like 'moon%'`,
    seenBy: ['the term statistics are correct'],
    told: '1 terms have a wrong count',
  },
  'items of sources that are counted wrongly': {
    sql: `insert into source_item_count values ('note', 7, 3)
      on conflict (source) do update set items = source_item_count.items + 7, failing = source_item_count.failing + 3`,
    seenBy: ["the sources' item counts are correct"],
    told: 'recorded 7 items and 3 failing ones of note',
  },
  'a source that is not registered': {
    sql: `delete from plugin_registry where source = 'note'`,
    seenBy: ['the built-in sources are registered'],
    told: 'note is missing',
  },
};
