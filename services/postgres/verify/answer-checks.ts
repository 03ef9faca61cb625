/** Checks of the rows that tell of answers, users and days. */
import { verifyReceipts } from '../erasure/verify-receipts.ts';
import { type Check, sqlCheck } from './check.ts';

const byHand = 'keep the rows aside and find out who wrote them past the keys (a restore without triggers does); then';

export const answerChecks: readonly Check[] = [
  sqlCheck(
    'every dialogue has its user',
    `${byHand} give the users back, or move the dialogues aside, as the adoption of an LMS's table does`,
    `select format('%s dialogues of user %s, who is not in users', count(*), user_id) as problem
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
    'the recorder writes both in one statement, so others wrote or deleted here: take the rows from a backup, or leave one ' +
      'for each answer, where a new one tells no licence',
    // What an LMS had before it was adopted has none.
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
    'no provenance row tells of an answer that is gone',
    `${byHand} delete them: an erasure would not find them`,
    `select format('provenance %s of answer %s', id, dialogue_id) as problem
    from provenance where dialogue_id is not null
      and not exists (select from ai_dialogue_log dialogue where dialogue.id = dialogue_id)
    order by 1 limit 100`,
    [
      `delete from provenance where dialogue_id is not null
  and not exists (select from ai_dialogue_log dialogue where dialogue.id = dialogue_id);`,
    ],
  ),
  sqlCheck(
    'every answer is as its hash tells',
    'somebody changed the text of an answer after it was given: compare with a backup, and see when it was and who may',
    // A sample: hashing a year of answers takes minutes, and a change by a careless statement shows in the newest ones.
    `select format('answer %s was changed', dialogue.id) as problem,
      format('select id, created_at, updated_at from ai_dialogue_log where id = %L;', dialogue.id) as mend
    from (select id, response from ai_dialogue_log order by created_at desc limit 10000) as dialogue
    join provenance on dialogue_id = dialogue.id
    where hash_sha256 <> encode(sha256(convert_to(response, 'UTF8')), 'hex') order by 1 limit 100`,
    [
      `select grantee, column_name from information_schema.column_privileges
where table_name = 'ai_dialogue_log' and privilege_type = 'UPDATE' order by 1, 2;`,
    ],
  ),
  sqlCheck(
    'no day is there twice',
    'delete all but one row of the day, make the index idx_rag_metrics_date_unique again, and compute the day again',
    `select format('%s is there %s times', date, count(*)) as problem,
      format('npm run -s cli -- rollup --date %s', date) as mend
    from rag_metrics_history group by date having count(*) > 1 order by 1 limit 100`,
    [
      'delete from rag_metrics_history twice using rag_metrics_history kept where twice.date = kept.date and twice.ctid > kept.ctid;',
    ],
  ),
  sqlCheck(
    'no job hangs',
    'its worker died and none runs now, or none catches up: start one (npm start, or services/worker.ts), and look at its log',
    `select format('%s of %s by %s, since %s', job, day, worker, started_at) as problem
    from job_run where state = 'running' and lease_until < now() - interval '1 hour' order by 1 limit 100`,
  ),
  {
    name: 'receipts of erasures form an unbroken chain',
    advice:
      'somebody changed what proves erasures: compare with the chain ends that you kept, and see docs/learner-rights.md',
    problems: async (pool) => {
      const { fault } = await verifyReceipts(pool);
      return fault === null ? [] : [{ what: fault }];
    },
  },
];
