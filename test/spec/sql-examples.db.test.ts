/** The SQL examples of the specification, as written there, run by the owner on data that has answers for each. */
import { expect, test } from 'vitest';
import { createJobLedger, jobs } from '../../services/postgres/jobs/job-ledger.ts';
import { rollUpDay } from '../../services/postgres/metrics/roll-up-day.ts';
import { addDays, dayOf } from '../../services/rollup/day.ts';
import { insertDialogue } from '../kit/database/fixtures.ts';
import { testDatabase } from '../kit/database/test-database.ts';

const db = await testDatabase();
const note = {
  source: 'note.com/artist/abc',
  sourceType: 'note',
  excerpt: '引用',
  confidence: 0.95,
  timestamp: '2026-03-05T00:00:00Z',
};
const material = { ...note, source: 'Material #123', sourceType: 'material', pageNumber: 7 };
const yesterday = addDays(dayOf(new Date()), -1);

await insertDialogue(db, {
  query: 'What is RAG?',
  citations: [note, material],
  created_at: `${yesterday} 12:00:00+09`,
  latency_ms: 311,
  token_cost_jpy: '1.5',
  relevance_score: 0.88,
});
await insertDialogue(db, { query: 'Another question', citations: [material], created_at: `${yesterday} 12:00:00+09` });

test('all citations from note.com', async () => {
  const rows = await db.query(`
SELECT
  query,
  jsonb_array_elements(citations) AS citation
FROM ai_dialogue_log
WHERE citations @> '[{"sourceType": "note"}]'::jsonb;
`);
  expect(rows).toEqual([
    { query: 'What is RAG?', citation: note },
    { query: 'What is RAG?', citation: material },
  ]);
});

test('content that expires in 30 days', async () => {
  await db.query(`insert into provenance (content_id, content_type, source_uri, retention_years, acquired_at) values
    (gen_random_uuid(), 'note_article', 'https://note.com/soon', 3, now() - interval '3 years' + interval '11 days'),
    (gen_random_uuid(), 'note_article', 'https://note.com/sooner', 2, now() - interval '2 years' + interval '7 days'),
    (gen_random_uuid(), 'note_article', 'https://note.com/later', 3, now()),
    (gen_random_uuid(), 'note_article', 'https://note.com/for-ever', null, now() - interval '9 years')`);
  const rows = await db.query(`
SELECT
  content_id,
  source_uri,
  retention_years,
  acquired_at + (retention_years || ' years')::interval AS expires_at
FROM provenance
WHERE retention_years IS NOT NULL
  AND acquired_at + (retention_years || ' years')::interval < NOW() + INTERVAL '30 days'
ORDER BY expires_at;
`);
  expect(rows.map(({ source_uri, retention_years }) => [source_uri, retention_years])).toEqual([
    ['https://note.com/sooner', 2],
    ['https://note.com/soon', 3],
  ]);
  expect(rows[0]?.expires_at).toBeInstanceOf(Date);
});

test('SLO compliance of the last 7 days, from rows that the rollup wrote', async () => {
  const ledger = createJobLedger(db.pool, { job: jobs.rollup, worker: 'test', leaseMs: 60_000 });
  for (const day of [addDays(yesterday, -1), yesterday]) {
    const leaseId = await ledger.acquireLease({ runId: '019cb0a0-0000-7000-8000-000000000000', day, since: null });
    await rollUpDay(db.pool, day, { leaseId: leaseId ?? '', attempts: 1 });
  }
  const rows = await db.query(`
SELECT
  DATE(date) as date,
  citation_rate,
  latency_p95_ms,
  cost_per_answer,
  slo_compliance->>'overallMet' AS slo_met
FROM rag_metrics_history
WHERE date >= NOW() - INTERVAL '7 days'
ORDER BY date DESC;
`);
  expect(rows).toEqual([
    { date: yesterday, citation_rate: 100, latency_p95_ms: 302, cost_per_answer: 0.75, slo_met: 'true' },
    { date: addDays(yesterday, -1), citation_rate: null, latency_p95_ms: null, cost_per_answer: null, slo_met: null },
  ]);
});

test('active plugins', async () => {
  await db.query(`update plugin_registry set health_status = 'healthy' where source = 'local'`);
  const rows = await db.query(`
SELECT name, source, capabilities, health_status
FROM plugin_registry
WHERE enabled = true
ORDER BY name;
`);
  expect(rows).toEqual([
    {
      name: 'Local Materials',
      source: 'local',
      capabilities: { list: true, search: true, filter: true, fetch: true, health: true, transform: true },
      health_status: 'healthy',
    },
    {
      name: 'Note.com Integration',
      source: 'note',
      capabilities: { list: true, search: true, filter: true, fetch: true, health: true, transform: false },
      health_status: null,
    },
  ]);
});

test('the counts of the quick start', async () => {
  expect(await db.query('SELECT COUNT(*) FROM ai_dialogue_log;')).toEqual([{ count: 2 }]);
  expect(await db.query('SELECT COUNT(*) FROM provenance;')).toEqual([{ count: 4 }]);
  const sources = (await db.query('SELECT * FROM plugin_registry;')).map(({ source }) => source);
  expect(sources).toEqual(expect.arrayContaining(['local', 'note'])); // those of the specification, and later ones
});
