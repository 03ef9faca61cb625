/** Checks that the planner can use each index for the query it was created for. */
import type { ClientBase, Pool } from 'pg';
import { inSnapshot } from '../client/paging.ts';
import type { Check, Problem } from './check.ts';
import type { Schema } from './read-schema.ts';

const someone = `'00000000-0000-7000-8000-000000000000'`;
const day = `'2026-03-07'`;

/**
 * A query for each index, without its `select` list. Where two indexes serve one query, the planner may choose either.
 * Unique indexes and those of constraints are used by every write.
 */
export const queries: Readonly<Record<string, string>> = {
  idx_ai_dialogue_user: `ai_dialogue_log where user_id = ${someone}`,
  idx_ai_dialogue_user_created: `ai_dialogue_log where user_id = ${someone} order by created_at desc limit 20`,
  idx_ai_dialogue_session: `ai_dialogue_log where session_id = ${someone}`,
  idx_ai_dialogue_created_at: `ai_dialogue_log where created_at >= ${day} and created_at < ${day}::date + 1`,
  idx_ai_dialogue_voted: `ai_dialogue_log where created_at > ${day} and user_feedback in (-1, 1) and quality is not null`,
  idx_ai_dialogue_citation_rate: 'ai_dialogue_log where citation_rate < 50',
  idx_ai_dialogue_service_trace: `ai_dialogue_log where service = 'a' and service <> 'rag-chat' and trace_id = 'a' and trace_id is not null`,
  idx_rag_service_key_service: `rag_service_key where service = 'a'`,
  idx_rag_pending_feedback_received: `rag_pending_feedback where received_at < ${day}`,
  idx_rag_service_metrics_date: `rag_service_metrics_history where date = ${day}`,
  idx_pending_span_group: `pending_span where service = 'a' and group_id = 'a' order by received_at limit 20`,
  idx_pending_span_user: `pending_span where user_id = ${someone}`,
  idx_assembled_turn_group: `assembled_turn where service = 'a' and group_id = 'a'`,
  idx_assembled_turn_fingerprint: `assembled_turn where service = 'a' and fingerprint = 'a'`,
  idx_assembled_turn_at: `assembled_turn where assembled_at < ${day}`,
  idx_passage_embedding_passage: `passage_embedding where passage_id = ${someone}`,
  idx_passage_embedding_id: 'passage_embedding where model_id = 1 and id > 20 order by id limit 20',
  idx_provenance_content: `provenance where content_id = ${someone} and content_type = 'material'`,
  idx_provenance_source: `provenance where source_uri = 'a' and content_type <> 'ai_response'`,
  idx_provenance_current_source: `provenance where source_uri = 'a' and content_type = 'material'
    and content_type <> 'ai_response' and superseded_at is null`,
  idx_provenance_license: `provenance where license_type = 'cc_by' and content_type <> 'ai_response'`,
  idx_provenance_retention: `provenance where retention_years = 3 and content_type <> 'ai_response'`,
  idx_provenance_expiring: `provenance where retention_years is not null and expires_at < ${day}`,
  idx_provenance_listed: `provenance where content_type <> 'ai_response' order by acquired_at desc, id desc limit 20`,
  idx_provenance_unremoved: `provenance where retention_years is not null and removed_at is null and content_type <> 'ai_response' and expires_at < ${day}`,
  idx_provenance_verification: `provenance where superseded_at is null and removed_at is null and content_type <> 'ai_response' order by last_verified_at nulls first, id limit 20`,
  idx_provenance_held: `provenance where license_type = 'cc_by' and acquisition_method = 'api_fetch' and superseded_at is null and removed_at is null and content_type <> 'ai_response'`,
  idx_provenance_changed: `provenance where verification_status in ('hash_mismatch', 'manifest_mismatch', 'manifest_invalid') order by last_verified_at desc limit 20`,
  idx_provenance_material: `provenance where material_id = ${someone}`,
  idx_provenance_dialogue: `provenance where dialogue_id = ${someone}`,
  idx_provenance_acquired_by: `provenance where acquired_by = ${someone}`,
  idx_retention_audit_removed_at: `retention_audit where removed_at > ${day}`,
  idx_dialogue_retention_deleted: `dialogue_retention_run where ai_dialogue_log > 0 order by deleted_before desc limit 1`,
  idx_passage_terms: `passage where terms @@ 'rag'`,
  idx_rag_metrics_date: `rag_metrics_history where date = ${day}`,
  idx_rag_metrics_compliance: `rag_metrics_history where slo_compliance @> '{"overallMet": false}'`,
  idx_plugin_name: `plugin_registry where name = 'a'`,
  idx_plugin_enabled: 'plugin_registry where enabled',
  idx_plugin_registry_audit_at: `plugin_registry_audit where at > ${day}`,
  idx_plugin_enabled_healthy: `plugin_registry where enabled and health_status = 'healthy' order by name`,
  idx_source_item_content: `source_item where content_id = ${someone} and gone_at is null`,
  idx_job_run_latest: `job_run where job = 'rollup' and day = ${day} order by started_at desc limit 1`,
  idx_job_run_started: `job_run where job = 'rollup' order by started_at desc limit 1`,
  idx_call_cost_at: `call_cost where at >= ${day} and at < ${day}::date + 1`,
  idx_chat_failure_at: `chat_failure where at >= ${day} and at < ${day}::date + 1`,
  idx_erasure_fence_user: `erasure_fence where user_sha256 = 'a' and asked_until > ${day}`,
  idx_erasure_receipt_replays: `erasure_receipt where replays_id = ${someone}`,
  idx_orphaned_dialogue_user: `orphaned_dialogue where user_id = ${someone}`,
  idx_idempotency_key_created_at: `idempotency_key where created_at < ${day}`,
};

/**
 * Small tables are rightly scanned sequentially; with sequential scans disabled, a plan without an index shows that
 * none can be used. Another check reports missing and invalid indexes.
 */
export function indexUseCheck(schema: Schema): Check {
  return {
    name: 'the planner can use the indexes',
    advice: 'find the setting that disables index scans, and reset it',
    problems: async (pool: Pool) => {
      for await (const found of inSnapshot(pool, (client) => unusedIndexes(client, schema))) return found;
      return [];
    },
  };
}

async function* unusedIndexes(client: ClientBase, schema: Schema): AsyncGenerator<readonly Problem[]> {
  const unused: Problem[] = [];
  const repair = await resetStatements(client);
  await client.query('set local enable_seqscan = off');
  for (const [index, query] of Object.entries(queries)) {
    const table = query.split(' ')[0];
    const definition = schema.index[`${table}:${index}`];
    if (definition === undefined || definition.includes('INVALID')) continue;
    const { rows } = await client.query(`explain (format json) select from ${query}`);
    const plan = JSON.stringify(rows);
    if (!plan.includes('"Index Name"'))
      unused.push({ what: `${index} is not used by: select … from ${query}`, repair });
  }
  yield unused;
}

/** Statements that reset settings which disable index scans. */
async function resetStatements(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ repair: string }>(`
    select case when source like '%user' then format('alter role %I in database %I reset %I;', current_user, current_database(), name)
      else format('alter database %I reset %I;', current_database(), name) end as repair
    from pg_settings where name like 'enable_%scan' and setting = 'off' order by name`);
  return [
    "select name, setting, source, sourcefile from pg_settings where name like 'enable_%scan';",
    ...rows.map(({ repair }) => repair),
  ];
}
