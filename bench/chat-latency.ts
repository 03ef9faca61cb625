/** Measures a whole chat over HTTP: without a model, and the latency that the service adds to a model. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeToken } from '../services/commands/users/token.ts';
import { type Config, loadConfig } from '../services/config.ts';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { createLog } from '../services/logging/log.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { createStoreContent } from '../services/postgres/content/store-content.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { ingest } from '../services/sources/ingest/ingest.ts';
import { createChatService } from '../services/wiring/chat-service.ts';
import { startModelServer } from '../test/kit/servers/model-server.ts';
import { readQuestions } from './check-questions.ts';
import { fetchCorpus } from './corpus.ts';
import { quantile } from './retrieval-metrics.ts';

const minPassages = 10_000;
const modelMs = 100;
const cache = process.argv[2] ?? join('.data', 'bench-corpus');
const dataDir = mkdtempSync(join(tmpdir(), 'bench-chat-'));

const corpus = await fetchCorpus(cache);
const questions = (await readQuestions(corpus)).map(({ question }) => question);
const server = await startEmbedded({ dataDir, log: () => {} });
try {
  await migrate(server.url);
  console.log(`${await ingestCorpus()} passages, ${questions.length} questions, one at a time`);
  report('without a model', await askAll(loadConfig(env({}))));

  const model = await startModelServer();
  model.behave({ kind: 'answer', pieces: ['It is so ', '[1].'], firstAfterMs: modelMs });
  const modelOnly = await timeAll(() => fetch(`${model.baseUrl}/chat/completions`, modelRequest()));
  report('model only', modelOnly);
  const withService = await askAll(loadConfig(env({ LLM_BASE_URL: model.baseUrl, LLM_MODEL: 'bench' })));
  report('service with the model', withService);
  console.log(
    `the service adds ${(quantile(withService, 0.5) - quantile(modelOnly, 0.5)).toFixed(1)} ms at the median`,
  );
  await model.close();
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

function env(more: Record<string, string>): Record<string, string> {
  return { DATA_DIR: dataDir, RATE_LIMIT_PER_MINUTE: '1000000', ...more };
}

/** @returns passages in the database */
async function ingestCorpus(): Promise<number> {
  const pool = connect(server.url, { name: 'bench' });
  let passages = 0;
  for (let copy = 1; passages < minPassages; copy += 1) {
    const metadata = { license: 'cc_by_sa', externalShareConsent: true } as const;
    const deps = { store: createStoreContent(pool), clock: () => performance.now() };
    const report = await ingest([corpus], { metadata, sourceBase: `https://bench.example/${copy}/` }, deps);
    console.log(`${report.passages} passages read and stored in ${report.seconds.toFixed(1)} s`);
    passages += report.passages;
  }
  await pool.query('vacuum analyze');
  await pool.end();
  return passages;
}

async function askAll(config: Config): Promise<readonly number[]> {
  const log = createLog('bench', 'silent');
  const service = createChatService({ config, databaseUrl: server.url, embedded: true, log });
  const port = await service.server.listen(0, '127.0.0.1');
  const token = await makeToken({}, config, new Date());
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const times = await timeAll((query) =>
    fetch(`http://127.0.0.1:${port}/api/ai/chat`, { method: 'POST', headers, body: JSON.stringify({ query }) }),
  );
  await service.close(5_000);
  return times;
}

/** @returns milliseconds of each question, after a warm-up */
async function timeAll(ask: (query: string) => Promise<Response>): Promise<readonly number[]> {
  const round = async (query: string) => {
    const start = performance.now();
    const response = await ask(query);
    await response.text();
    if (!response.ok) throw new Error(`the chat returned ${response.status}`);
    return performance.now() - start;
  };
  for (const query of questions.slice(0, 50)) await round(query);
  const times: number[] = [];
  for (const query of questions) times.push(await round(query));
  return times;
}

function modelRequest(): RequestInit {
  const messages = [{ role: 'user', content: 'Is it so?' }];
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'bench', messages, stream: true }),
  };
}

function report(what: string, times: readonly number[]): void {
  const [median, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
  console.log(`${what.padEnd(26)} median ${median.toFixed(1)} ms, P95 ${p95.toFixed(1)} ms`);
}
