/** Damages to the schema. */
import { type Damage, indexes } from './damage.ts';

const grants = 'grants match the migrations';
const policies = 'policies match the migrations';
const functions = 'functions match the migrations';

export const schemaDamages: Readonly<Record<string, Damage>> = {
  'a migration missing from the list': {
    sql: `delete from pgmigrations where name like '0008%'`,
    unrepairable: 'the migration would run again: its entry has to come from a backup',
    detectedBy: ['all migrations are applied, and no unknown ones'],
    problem: '0008_add-retention-and-erasure is not applied',
  },
  'a migration of a later version': {
    sql: `insert into pgmigrations (name, run_on) values ('9999_later', now())`,
    unrepairable: 'a version of the programs that knows it',
    detectedBy: ['all migrations are applied, and no unknown ones'],
    problem: '9999_later is unknown to this version',
  },
  'asynchronous commits': {
    sql: `do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`,
    detectedBy: ['commits are durable (synchronous_commit)'],
  },
  'a dropped table': {
    sql: 'drop table retention_audit cascade',
    unrepairable: 'its rows are in a backup',
    detectedBy: ['all tables exist', 'reporting views have the expected columns', grants],
    problem: 'retention_audit is missing',
  },
  'a changed column type': {
    sql: 'alter table passage alter column heading type varchar(99)',
    detectedBy: ['columns have the expected types'],
    problem: 'passage heading is "character varying(99) not null default',
  },
  'a dropped column': {
    sql: 'alter table job_run drop column run_id cascade',
    detectedBy: ['columns have the expected types', 'reporting views have the expected columns', grants],
    problem: 'job_run run_id is missing',
  },
  'a dropped view': {
    sql: 'drop view reporting.jobs',
    detectedBy: ['reporting views have the expected columns', grants],
    problem: 'reporting.jobs is missing',
  },
  'a policy for public': {
    sql: 'create policy intruder on ai_dialogue_log using (true)',
    detectedBy: [policies],
    problem: 'ai_dialogue_log intruder is not part of the migrations',
  },
  'an additional licence': {
    sql: `alter type license_type add value 'gpl'`,
    unrepairable: 'a value of an enum cannot be taken away',
    detectedBy: ['enums have the expected values'],
  },
  'a dropped index': {
    sql: 'drop index idx_provenance_license',
    detectedBy: [indexes],
    problem: 'provenance idx_provenance_license is missing',
  },
  'an interrupted index build': {
    sql: `update pg_index set indisvalid = false where indexrelid = 'idx_ai_dialogue_session'::regclass`,
    superuser: true,
    detectedBy: [indexes],
    problem: 'INVALID',
  },
  'disabled index scans': {
    sql: `do $$ begin
      execute format('alter database %I set enable_indexscan = off', current_database());
      execute format('alter database %I set enable_indexonlyscan = off', current_database());
      execute format('alter database %I set enable_bitmapscan = off', current_database());
    end $$`,
    detectedBy: ['the planner can use the indexes'],
  },
  'a dropped key': {
    sql: 'alter table provenance drop constraint provenance_acquired_by_fkey',
    detectedBy: ['constraints exist and are validated'],
    problem: 'provenance FOREIGN KEY (acquired_by) REFERENCES users(id) ON DELETE SET NULL is missing',
  },
  'an unvalidated foreign key': {
    sql: `alter table provenance drop constraint provenance_acquired_by_fkey;
      alter table provenance add constraint provenance_acquired_by_fkey
        foreign key (acquired_by) references users (id) on delete set null not valid`,
    detectedBy: ['constraints exist and are validated'],
    problem: 'is "not validated: provenance_acquired_by_fkey" instead of "validated"',
  },
  'a disabled trigger': {
    sql: 'alter table ai_dialogue_log disable trigger ai_dialogue_log_not_after_erasure',
    detectedBy: ['triggers exist and are enabled'],
  },
  'enabled row-level security': {
    sql: 'alter table job_run enable row level security',
    detectedBy: ['row-level security is forced on the expected tables'],
    problem: 'job_run is "not forced" instead of "off"',
  },
  'a function that permits everything': {
    sql: `create or replace function rag_may_read(policy jsonb, groups text[], country text, address inet, at timestamptz)
      returns boolean language sql stable as 'select true'`,
    detectedBy: [functions],
    problem: 'was changed',
  },
  'a grant to public': {
    sql: 'grant select on passage to public',
    detectedBy: [grants],
    problem: 'passage public is not part of the migrations: "SELECT"',
  },
  'a grant to public on dialogues': {
    sql: 'grant select on ai_dialogue_log to public; grant update (response) on ai_dialogue_log to public',
    detectedBy: [grants],
    problem: 'ai_dialogue_log public is not part of the migrations: "SELECT, UPDATE (response)"',
  },
  'a grant to public on a privileged function': {
    sql: 'grant execute on function rag_own_user() to public',
    detectedBy: [grants],
    problem: 'rag_own_user() public is not part of the migrations: "EXECUTE"',
  },
  'a grant on a table with a view of the same name': {
    sql: 'grant select on provenance to grafana_reader',
    detectedBy: [grants],
    problem: 'provenance grafana_reader is not part of the migrations',
  },
  'a grant on the schema of the views': {
    sql: 'grant usage on schema reporting to public',
    detectedBy: [grants],
    problem: 'schema reporting public is not part of the migrations',
  },
  'a missing and an additional column grant': {
    sql: 'revoke select (id) on ai_dialogue_log from rag_auditor; grant select (query) on ai_dialogue_log to rag_auditor',
    detectedBy: [grants],
    problem: 'ai_dialogue_log rag_auditor has the additional privileges SELECT (query) and lacks SELECT (id)',
  },
  'disabled row-level security': {
    sql: 'alter table ai_dialogue_log no force row level security; alter table idempotency_key disable row level security',
    detectedBy: ['row-level security is forced on the expected tables'],
    problem: 'idempotency_key is "off" instead of "forced"',
  },
  'a changed policy': {
    sql: `drop policy app_has_own on relevance_judging; create policy app_has_own on relevance_judging to rag_app using (true)`,
    detectedBy: [policies],
  },
  'a missing policy': {
    sql: 'drop policy recorder_adds on provenance; drop policy owner_has_all on erasure_fence',
    // Without its policy the owner sees no rows.
    detectedBy: [policies, 'the planner can use the indexes'],
    problem: 'provenance recorder_adds is missing',
  },
  'a dropped trigger': {
    sql: 'drop trigger provenance_updated_at on provenance',
    detectedBy: ['triggers exist and are enabled'],
    problem: 'provenance provenance_updated_at is missing',
  },
  'a missing function': {
    sql: 'drop function rag_own_user()',
    detectedBy: [functions, grants],
    problem: 'rag_own_user() is missing',
  },
  'a view with other columns': {
    sql: 'drop view reporting.jobs; create view reporting.jobs as select id from job_run',
    detectedBy: ['reporting views have the expected columns', grants],
  },
  'a different index with the same name': {
    sql: 'drop index idx_passage_terms; create index idx_passage_terms on passage (title)',
    detectedBy: [indexes, 'the planner can use the indexes'],
  },
  'a dropped check and a dropped unique key': {
    sql: `alter table passage drop constraint passage_term_count_check;
      alter table passage drop constraint passage_content_id_content_type_position_key`,
    detectedBy: ['constraints exist and are validated'],
  },
  'an answer with two provenance rows': {
    sql: `insert into provenance (content_id, content_type) select content_id, content_type from provenance
      where content_type = 'ai_response'`,
    detectedBy: ['every answer has exactly one provenance row'],
    problem: 'has 2',
  },
};
