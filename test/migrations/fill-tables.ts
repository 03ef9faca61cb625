/** Fills a migrated database with a few thousand of everything that a migration may have to carry along. */
import type { TestDatabase } from '../kit/database/test-database.ts';

/** Dialogues with citations, costs and votes, each with its provenance row; materials with passages; days of history. */
export async function fillTables(db: TestDatabase, dialogues: number): Promise<void> {
  for (const statement of statements) await db.query(statement, statement.includes('$1') ? [dialogues] : []);
}

const statements = [
  `insert into users (id, email) select md5('user ' || n)::uuid, format('learner-%s@example.org', n)
   from generate_series(1, 37) as n`,
  `insert into materials (id, title) select md5('material ' || n)::uuid, format('教材 %s', n) from generate_series(1, 53) as n`,
  `insert into provenance (content_id, content_type, source_uri, license_type, permission_flag, retention_years, acquired_by)
   select id, 'material', 'https://example.org/' || id, 'cc_by', true, 3, md5('user 7')::uuid from materials`,
  `insert into passage (content_id, content_type, position, paragraph_index, title, text, terms, term_count)
   select id, 'material', position, position, title, '奇数の段落', to_tsvector('simple', title), 2
   from materials, generate_series(0, 6) as position`,
  `insert into ai_dialogue_log (
     id, user_id, session_id, query, response, model_used, citations, latency_ms, token_cost_jpy, citation_rate, total_tokens,
     relevance_score, user_feedback, trace_id, created_at
   )
   select md5('dialogue ' || n)::uuid, md5('user ' || 1 + n % 37)::uuid, md5('session ' || n / 5)::uuid,
     '質問 ' || n, repeat('回答 ', 31), 'gpt-4o-mini',
     jsonb_build_array(jsonb_build_object('source', 'Material #' || n % 53, 'sourceType', 'material', 'excerpt', '引用')),
     137 + n % 2003, 0.013 * (n % 311), 75.5, 1 + n % 1009, 0.73, n % 3 - 1, md5('trace ' || n),
     timestamptz '2026-03-01 00:00+09' + n * interval '7 minutes'
   from generate_series(1, $1::integer) as n`,
  `insert into provenance (content_id, content_type, license_type, acquisition_method, permission_flag, hash_sha256)
   select id, 'ai_response', 'cc_by', 'ai_generated', true, md5(response) from ai_dialogue_log`,
  `insert into rag_metrics_history (date, citation_rate, total_queries, latency_histogram)
   select date '2026-03-01' + n, 83.5, 205, '\\x000000030000010300010001' from generate_series(0, 10) as n`,
  `insert into relevance_judging (dialogue_id, claimed_until) select id, now() from ai_dialogue_log limit 17`,
  `insert into idempotency_key (user_id, key, request_sha256, dialogue_id)
   select user_id, id::text, 'x', id from ai_dialogue_log limit 19`,
];
