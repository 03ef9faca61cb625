/** Checks of the rows about answers, users and days. */
import { verifyReceipts } from '../erasure/verify-receipts.ts';
import { type Check, sqlCheck } from './check.ts';

const manually =
  'save the rows and find out which program bypassed the foreign keys (a restore without triggers does); then';

export const answerChecks: readonly Check[] = [
  sqlCheck(
    'every dialogue has a user',
    `${manually} restore the users, or move the dialogues to orphaned_dialogue, as the adoption does`,
    `select format('%s dialogues of user %s, who does not exist', count(*), user_id) as problem
    from ai_dialogue_log where user_id is not null and not exists (select from users where users.id = user_id)
    group by user_id order by 1 limit 100`,
    [
      `with gone as (
  delete from ai_dialogue_log
  where user_id is not null and not exists (select from users where users.id = user_id) returning *
)
insert into orphaned_dialogue (id, user_id, dialogue) select id, user_id, to_jsonb(gone) from gone;`,
    ],
  ),
  sqlCheck(
    'every answer has exactly one provenance row',
    'the recorder writes both in one statement, so another program wrote or deleted rows: restore them from a backup, or keep ' +
      'one per answer; a new one has no licence',
    // Dialogues from before the adoption have none.
    `select format('answer %s has %s', dialogue.id, count(provenance.id)) as problem
    from ai_dialogue_log dialogue left join provenance on dialogue_id = dialogue.id
    where dialogue.created_at >= (select run_on from pgmigrations where name like '0002%')
    group by dialogue.id having count(provenance.id) <> 1 order by 1 limit 100`,
    [
      `delete from provenance twice using provenance kept
where twice.dialogue_id = kept.dialogue_id and twice.id > kept.id;`,
      `insert into provenance (content_id, content_type, acquisition_method, permission_flag, hash_sha256, acquired_at)
select id, 'ai_response', 'ai_generated', true, encode(sha256(convert_to(response, 'UTF8')), 'hex'), created_at
from ai_dialogue_log dialogue
where created_at >= (select run_on from pgmigrations where name like '0002%')
  and not exists (select from provenance where dialogue_id = dialogue.id);`,
    ],
  ),
  sqlCheck(
    'every provenance row of an answer has its answer',
    `${manually} delete them, because an erasure would not find them`,
    `select format('provenance %s of missing answer %s', id, dialogue_id) as problem
    from provenance where dialogue_id is not null
      and not exists (select from ai_dialogue_log dialogue where dialogue.id = dialogue_id)
    order by 1 limit 100`,
    [
      `delete from provenance where dialogue_id is not null
  and not exists (select from ai_dialogue_log dialogue where dialogue.id = dialogue_id);`,
    ],
  ),
  sqlCheck(
    'every answer matches its hash',
    'the text of an answer was changed after it was stored: compare with a backup, and check when it changed and who has the privilege',
    // A sample: hashing a year of answers takes minutes, and a careless update affects the newest ones too.
    `select format('answer %s was changed', dialogue.id) as problem,
      format('select id, created_at, updated_at from ai_dialogue_log where id = %L;', dialogue.id) as repair
    from (select id, response from ai_dialogue_log order by created_at desc limit 10000) as dialogue
    join provenance on dialogue_id = dialogue.id
    where hash_sha256 <> encode(sha256(convert_to(response, 'UTF8')), 'hex') order by 1 limit 100`,
    [
      `select grantee, column_name from information_schema.column_privileges
where table_name = 'ai_dialogue_log' and privilege_type = 'UPDATE' order by 1, 2;`,
    ],
  ),
  sqlCheck(
    'every day has one rollup row',
    'delete all but one row of the day, recreate the index idx_rag_metrics_date_unique, and roll the day up again',
    `select format('%s has %s rows', date, count(*)) as problem,
      format('npm run -s cli -- rollup --date %s', date) as repair
    from rag_metrics_history group by date having count(*) > 1 order by 1 limit 100`,
    [
      'delete from rag_metrics_history twice using rag_metrics_history kept where twice.date = kept.date and twice.ctid > kept.ctid;',
    ],
  ),
  sqlCheck(
    'no job is stuck',
    'its worker died and no worker took over: start one (npm start, or services/worker.ts), and check its log',
    `select format('%s of %s by %s, since %s', job, day, worker, started_at) as problem
    from job_run where state = 'running' and lease_until < now() - interval '1 hour' order by 1 limit 100`,
  ),
  {
    name: 'the chain of erasure receipts is intact',
    advice:
      'the proof of erasures was changed: compare with the chain ends that you saved, and see docs/learner-rights.md',
    problems: async (pool) => {
      const { fault } = await verifyReceipts(pool);
      return fault === null ? [] : [{ what: fault }];
    },
  },
];
