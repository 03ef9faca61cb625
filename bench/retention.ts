/** Measures the latency of recording answers while 50,000 old dialogues are deleted, and without deletion. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { runDialogueRetention } from '../services/jobs/retention.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { insertTurns } from '../services/postgres/dialogues/insert-turns.ts';
import { createRecorder } from '../services/postgres/dialogues/recorder.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { dayOf } from '../services/rollup/day.ts';
import { answeredTurn } from '../test/kit/data/answered-turn.ts';
import { quantile } from './retrieval-metrics.ts';

const oldDialogues = 50_000;
const callers = 16;
const baselineMs = 10_000;
const days = 30;

const dataDir = mkdtempSync(join(tmpdir(), 'bench-retention-'));
const server = await startEmbedded({ dataDir, settings: { synchronous_commit: 'on' }, log: () => {} });
const recorderPool = connect(server.url, { name: 'bench-recorder', max: 1 });
const pool = connect(server.url, { name: 'bench-retention', max: 5, statementTimeoutMs: 120_000 });
const signal = new AbortController().signal;
try {
  await migrate(server.url);
  const userId = randomUUID();
  await pool.query('insert into users (id) values ($1)', [userId]);
  await loadOld(userId);
  const record = createRecorder({
    insert: (turns) => insertTurns(recorderPool, turns),
    deadlineMs: 15_000,
    limit: 4_096,
    count: () => {},
  });
  const measure = async (until: Promise<unknown>) => {
    const latencies: number[] = [];
    let over = false;
    const call = async () => {
      while (!over) {
        const startedAt = performance.now();
        await record.record(turnOf(userId));
        latencies.push(performance.now() - startedAt);
      }
    };
    const startedAt = performance.now();
    const calls = Array.from({ length: callers }, call);
    await until;
    over = true;
    await Promise.all(calls);
    return { latencies, seconds: (performance.now() - startedAt) / 1_000 };
  };
  const baseline = () => new Promise((resolve) => setTimeout(resolve, baselineMs));
  await measure(baseline()); // warm-up
  report('without deletion', await measure(baseline()));
  let batches = 0;
  const deletion = runDialogueRetention(
    pool,
    { retry: { retries: 0 }, now: () => new Date(), clock: () => performance.now() },
    {
      runId: randomUUID(),
      since: null,
      signal,
      days,
      onBegin: () => {},
      onBatch: () => {
        batches += 1;
      },
    },
  );
  report('during deletion', await measure(deletion));
  const result = await deletion;
  if (result.state !== 'succeeded') throw new Error(`the deletion ended with state ${result.state}`);
  console.log(`${result.outcome.counts.ai_dialogue_log} dialogues deleted in ${batches} batches`);
} finally {
  await Promise.all([recorderPool.end(), pool.end()]);
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Inserts dialogues of 60 days ago with their provenance rows, and the history row of that day. */
async function loadOld(userId: string): Promise<void> {
  const at = new Date(Date.now() - 60 * 86_400_000);
  await pool.query(
    `insert into ai_dialogue_log (user_id, session_id, query, response, model_used, citations, created_at)
     select $1, $1, repeat('質問', 40), repeat('回答の文章。', 150), 'bench', '[]', $2 from generate_series(1, $3)`,
    [userId, at, oldDialogues],
  );
  await pool.query(
    `insert into provenance (content_id, content_type, hash_sha256) select id, 'ai_response', repeat('a', 64) from ai_dialogue_log`,
  );
  await pool.query('insert into rag_metrics_history (date) values ($1)', [dayOf(at)]);
  await pool.query('analyze');
}

function turnOf(userId: string) {
  return answeredTurn({ userId, askedAt: new Date() });
}

function report(name: string, { latencies, seconds }: { latencies: readonly number[]; seconds: number }): void {
  const sorted = latencies.toSorted((a, b) => a - b);
  const [median, p99] = [0.5, 0.99].map((q) => quantile(sorted, q).toFixed(1));
  const rate = Math.round(latencies.length / seconds);
  console.log(
    `${name}: ${rate} answers/s, median ${median} ms, P99 ${p99} ms, maximum ${sorted.at(-1)?.toFixed(1)} ms, ${seconds.toFixed(1)} s`,
  );
}
