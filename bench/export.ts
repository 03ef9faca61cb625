/** Measures the chat server's memory during an export over HTTP, with a heap smaller than the export. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeToken } from '../services/commands/users/token.ts';
import { loadConfig } from '../services/config.ts';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { sampleLearnerId } from '../services/http/auth/development-token.ts';
import { connect, type Pool } from '../services/postgres/client/connect.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { chatProcess } from '../test/faults/chat-process.ts';

const sizes = [20_000, 100_000, 200_000];
/** Without a limit, V8 delays garbage collection and memory grows. */
const heapMb = 64;
const pollMs = 50;

const dataDir = mkdtempSync(join(tmpdir(), 'bench-export-'));
const server = await startEmbedded({ dataDir, log: () => {} });
const pool = connect(server.url, { name: 'bench-export', max: 1, statementTimeoutMs: 600_000 });
try {
  await migrate(server.url);
  const env = { DATABASE_URL: server.url, DATA_DIR: dataDir, NODE_OPTIONS: `--max-old-space-size=${heapMb}` };
  console.log(
    `Exports of 2 kB answers with provenance rows over HTTP; resident memory of the chat server in MB (heap limit: ${heapMb} MB)`,
  );
  console.log('dialogues |   lines |  MB sent | seconds | before |    peak |   growth');
  for (const dialogues of sizes) {
    await fill(pool, dialogues);
    const chat = await chatProcess(env);
    await chat.start();
    try {
      const token = await makeToken({}, loadConfig(env), new Date());
      console.log(await measure(chat.origin, token, chat.memory, dialogues));
    } finally {
      await chat.stop();
    }
  }
} finally {
  await pool.end();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function fill(to: Pool, dialogues: number): Promise<void> {
  await to.query('truncate ai_dialogue_log cascade');
  await to.query(`insert into users (id, role) values ($1, 'learner') on conflict do nothing`, [sampleLearnerId]);
  await to.query({
    text: `
      with dialogue as (
        insert into ai_dialogue_log (user_id, session_id, query, response, model_used, citations)
        select $1, $1, 'question ' || n, repeat(md5(n::text), 40), 'extractive',
          jsonb_build_array(jsonb_build_object('source', 'What RAG is', 'excerpt', repeat(md5(n::text), 20)))
        from generate_series(1, $2::integer) n
        returning id
      )
      insert into provenance (content_id, content_type) select id, 'ai_response' from dialogue`,
    values: [sampleLearnerId, dialogues],
  });
  await to.query('analyze');
}

async function measure(origin: string, token: string, memory: () => number, dialogues: number): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  // The first request triggers lazy loading.
  await (await fetch(`${origin}/api/ai/dialogues?limit=1`, { headers })).text();
  const before = memory();
  let peak = before;
  const poll = setInterval(() => {
    peak = Math.max(peak, memory());
  }, pollMs);
  const startedAt = performance.now();
  const response = await fetch(`${origin}/api/me/export`, { headers });
  if (response.body === null) throw new Error('the export has no body');
  let bytes = 0;
  let lines = 0;
  let last = '';
  for await (const chunk of response.body) {
    const text = Buffer.from(chunk);
    bytes += text.length;
    for (const byte of text) if (byte === 10) lines += 1;
    last = (last + text.toString('latin1')).slice(-60);
  }
  clearInterval(poll);
  const expected = `{"type":"end","rows":${2 * dialogues + 1}}\n`;
  if (!last.endsWith(expected)) throw new Error(`the export is incomplete: it ends with ${last}`);
  const seconds = (performance.now() - startedAt) / 1_000;
  return [
    String(dialogues).padStart(9),
    String(lines).padStart(7),
    (bytes / 1e6).toFixed(1).padStart(8),
    seconds.toFixed(1).padStart(7),
    (before / 1e6).toFixed(0).padStart(6),
    (peak / 1e6).toFixed(0).padStart(7),
    ((peak - before) / 1e6).toFixed(0).padStart(8),
  ].join(' | ');
}
