/** Inserts a history that would take years: documents that expire or changed, removals, an erasure, a disabled source. */
import type { TestDatabase } from '../kit/database/test-database.ts';

export async function insertDocumentHistory(db: Pick<TestDatabase, 'query'>): Promise<void> {
  for (const statement of statements) await db.query(statement);
}

const current = `content_type <> 'ai_response' and superseded_at is null`;

const statements = [
  // All documents, so that the cited ones expire too.
  `update provenance set retention_years = 1, acquired_at = now() - interval '351 days' where ${current}`,
  `update provenance set verification_status = 'hash_mismatch', last_verified_at = now() - interval '3 hours'
   where id = (select id from provenance where ${current} order by id limit 1)`,
  `update provenance set verification_status = 'verified', last_verified_at = now() - interval '5 hours'
   where ${current} and verification_status is null`,
  `insert into retention_audit (run_id, provenance_id, content_id, content_type, acquired_at, retention_years, expires_at, reason, passages)
   select gen_random_uuid(), id, content_id, content_type, acquired_at, 1, now(), 'expired', 7 from provenance where ${current} limit 3`,
  `insert into dialogue_retention_run (run_id, last_batch_at, deleted_before, ai_dialogue_log) values (gen_random_uuid(), now(), now(), 11)`,
  `insert into erasure_receipt (number, id, erased_at, account, counts, previous_hash, hash)
   values (1, gen_random_uuid(), now(), true, '{"ai_dialogue_log": 3}', repeat('0', 64), repeat('1', 64))`,
  `insert into job_run (job, day, state, worker, started_at, lease_until, finished_at, rows_written)
   select job, current_date - 1, 'succeeded', 'a worker', now() - interval '7 hours', now(), now() - interval '6 hours', 5
   from unnest(array['content_retention', 'dialogue_retention', 'content_verification']) as job`,
  `insert into rag_reconciliation (day, answers_stored, failures_stored, cost_stored_jpy, answers_counted, failures_counted,
     cost_counted_jpy, erased_answers, unwatched_seconds)
   values (current_date - 1, 311, 5, 507, 313, 5, 509.5, 0, 15)`,
  `update plugin_registry set enabled = not enabled where source = 'note'`,
  `update plugin_registry set sync_every_minutes = 1440, health_status = 'degraded', health_latency_ms = 213, last_health_check = now() - interval '2 minutes'
   where enabled`,
  `insert into source_sync (source, started_at, finished_at, succeeded_at, outcome, listed, created, replaced, failed)
   select source, now() - interval '3 hours', now() - interval '2 hours', now() - interval '2 hours', 'succeeded', 17, 11, 5, 1
   from plugin_registry where enabled`,
];
