/** Damages to what the migrations make. */
import { type Damage, indexes } from './damage.ts';

const grants = 'grants match the migrations';
const policies = 'policies match the migrations';
const functions = 'functions match the migrations';

export const schemaDamages: Readonly<Record<string, Damage>> = {
  'a migration that is not listed': {
    sql: `delete from pgmigrations where name like '0008%'`,
    unmended: 'the migration would run again: its entry has to come from a backup',
    seenBy: ['all migrations are applied, and no unknown ones'],
    told: '0008_add-provenance-list-index is not applied',
  },
  'a migration of a later version': {
    sql: `insert into pgmigrations (name, run_on) values ('9999_later', now())`,
    unmended: 'a version of the programs that knows it',
    seenBy: ['all migrations are applied, and no unknown ones'],
    told: '9999_later is unknown to this version',
  },
  'commits that do not wait': {
    sql: `do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`,
    seenBy: ['commits are durable (synchronous_commit)'],
  },
  'a dropped table': {
    sql: 'drop table retention_audit cascade',
    unmended: 'its rows are in a backup',
    seenBy: ['all tables exist', 'reporting views have the expected columns', grants],
    told: 'retention_audit is missing',
  },
  'another type': {
    sql: 'alter table passage alter column heading type varchar(99)',
    seenBy: ['columns have the expected types'],
    told: 'passage heading is "character varying(99) not null default',
  },
  'a dropped column': {
    sql: 'alter table job_run drop column run_id cascade',
    seenBy: ['columns have the expected types', 'reporting views have the expected columns', grants],
    told: 'job_run run_id is missing',
  },
  'a dropped view': {
    sql: 'drop view reporting.jobs',
    seenBy: ['reporting views have the expected columns', grants],
    told: 'reporting.jobs is missing',
  },
  'a policy for anybody': {
    sql: 'create policy anybody on ai_dialogue_log using (true)',
    seenBy: [policies],
    told: 'ai_dialogue_log anybody is not part of the migrations',
  },
  'one licence more': {
    sql: `alter type license_type add value 'gpl'`,
    unmended: 'a value of an enum cannot be taken away',
    seenBy: ['enums have the expected values'],
  },
  'a dropped index': {
    sql: 'drop index idx_provenance_license',
    seenBy: [indexes],
    told: 'provenance idx_provenance_license is missing',
  },
  'an index whose building was cut off': {
    sql: `update pg_index set indisvalid = false where indexrelid = 'idx_ai_dialogue_session'::regclass`,
    superuser: true,
    seenBy: [indexes],
    told: 'INVALID',
  },
  'index scans switched off': {
    sql: `do $$ begin
      execute format('alter database %I set enable_indexscan = off', current_database());
      execute format('alter database %I set enable_indexonlyscan = off', current_database());
      execute format('alter database %I set enable_bitmapscan = off', current_database());
    end $$`,
    seenBy: ['the planner can use the indexes'],
  },
  'a dropped key': {
    sql: 'alter table provenance drop constraint provenance_acquired_by_fkey',
    seenBy: ['constraints exist and are validated'],
    told: 'provenance FOREIGN KEY (acquired_by) REFERENCES users(id) ON DELETE SET NULL is missing',
  },
  'a key that was not validated': {
    sql: `alter table provenance drop constraint provenance_acquired_by_fkey;
      alter table provenance add constraint provenance_acquired_by_fkey
        foreign key (acquired_by) references users (id) on delete set null not valid`,
    seenBy: ['constraints exist and are validated'],
    told: 'is "not validated: provenance_acquired_by_fkey" instead of "validated"',
  },
  'a disabled trigger': {
    sql: 'alter table ai_dialogue_log disable trigger ai_dialogue_log_not_after_erasure',
    seenBy: ['triggers exist and are enabled'],
  },
  'row-level security that was switched on': {
    sql: 'alter table job_run enable row level security',
    seenBy: ['row-level security is forced on the expected tables'],
    told: 'job_run is "not forced" instead of "off"',
  },
  'a function that lets everybody read': {
    sql: `create or replace function rag_may_read(policy jsonb, groups text[], country text, address inet, at timestamptz)
      returns boolean language sql stable as 'select true'`,
    seenBy: [functions],
    told: 'was changed',
  },
  'a grant to everybody': {
    sql: 'grant select on passage to public',
    seenBy: [grants],
    told: 'passage public is not part of the migrations: "SELECT"',
  },
  'a grant to everybody on dialogues': {
    sql: 'grant select on ai_dialogue_log to public; grant update (response) on ai_dialogue_log to public',
    seenBy: [grants],
    told: 'ai_dialogue_log public is not part of the migrations: "SELECT, UPDATE (response)"',
  },
  'a grant to everybody on a function that sees more than they do': {
    sql: 'grant execute on function rag_own_user() to public',
    seenBy: [grants],
    told: 'rag_own_user() public is not part of the migrations: "EXECUTE"',
  },
  'a grant on a table beside a view of its name': {
    sql: 'grant select on provenance to grafana_reader',
    seenBy: [grants],
    told: 'provenance grafana_reader is not part of the migrations',
  },
  'a grant on the schema of the views': {
    sql: 'grant usage on schema reporting to public',
    seenBy: [grants],
    told: 'schema reporting public is not part of the migrations',
  },
  'a grant that is missing and one column too many': {
    sql: 'revoke select (id) on ai_dialogue_log from rag_auditor; grant select (query) on ai_dialogue_log to rag_auditor',
    seenBy: [grants],
    told: 'ai_dialogue_log rag_auditor has the additional privileges SELECT (query) and lacks SELECT (id)',
  },
  'row-level security that was switched off': {
    sql: 'alter table ai_dialogue_log no force row level security; alter table idempotency_key disable row level security',
    seenBy: ['row-level security is forced on the expected tables'],
    told: 'idempotency_key is "off" instead of "forced"',
  },
  'a policy that lets a learner change more': {
    sql: `drop policy app_has_own on relevance_judging; create policy app_has_own on relevance_judging to rag_app using (true)`,
    seenBy: [policies],
  },
  'a policy that is missing': {
    sql: 'drop policy recorder_adds on provenance; drop policy owner_has_all on erasure_fence',
    // Without its policy the owner sees no rows.
    seenBy: [policies, 'the planner can use the indexes'],
    told: 'provenance recorder_adds is missing',
  },
  'a dropped trigger': {
    sql: 'drop trigger provenance_updated_at on provenance',
    seenBy: ['triggers exist and are enabled'],
    told: 'provenance provenance_updated_at is missing',
  },
  'a function that is gone': {
    sql: 'drop function rag_own_user()',
    seenBy: [functions, grants],
    told: 'rag_own_user() is missing',
  },
  'a view with other columns': {
    sql: 'drop view reporting.jobs; create view reporting.jobs as select id from job_run',
    seenBy: ['reporting views have the expected columns', grants],
  },
  'another index under the name of one': {
    sql: 'drop index idx_passage_terms; create index idx_passage_terms on passage (title)',
    seenBy: [indexes, 'the planner can use the indexes'],
  },
  'a dropped check and a dropped unique key': {
    sql: `alter table passage drop constraint passage_term_count_check;
      alter table passage drop constraint passage_content_id_content_type_position_key`,
    seenBy: ['constraints exist and are validated'],
  },
  'an answer with two provenance rows': {
    sql: `insert into provenance (content_id, content_type) select content_id, content_type from provenance
      where content_type = 'ai_response'`,
    seenBy: ['every answer has exactly one provenance row'],
    told: 'has 2',
  },
};
