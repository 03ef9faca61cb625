/** Measures the cost of row-level security and its transaction for a user's history and for search. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { connect, type Pool } from '../services/postgres/client/connect.ts';
import { asUser } from '../services/postgres/client/transaction.ts';
import { createStoreContent } from '../services/postgres/content/store-content.ts';
import { listDialogues } from '../services/postgres/dialogues/dialogues.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { createRetrieve } from '../services/postgres/search/retrieve-passages.ts';
import { ingest } from '../services/sources/ingest/ingest.ts';
import { quantile } from './retrieval-metrics.ts';

const rows = 120_000;
const userCount = 200;
const rounds = 400;
/** Copies of the sample documents, each with its own URI. */
const copies = 60;

const dataDir = mkdtempSync(join(tmpdir(), 'bench-rls-'));
const server = await startEmbedded({ dataDir, settings: { fsync: 'off' }, log: () => {} });
const owner = connect(server.url, { name: 'bench-owner', max: 1 });
const app = connect(server.url, { name: 'bench-app', role: 'rag_app', max: 1, pipeline: true });
const unpipelined = connect(server.url, { name: 'bench-app', role: 'rag_app', max: 1 });
try {
  await migrate(server.url);
  const users = Array.from({ length: userCount }, () => randomUUID());
  await load(users);
  await ingestSamples();
  console.log(
    `history: the latest 50 of ${rows / userCount} dialogues of one user, from ${rows} dialogues of ${userCount} users`,
  );
  await compareHistory(users);
  console.log(
    `\nsearch: one question, from ${(await owner.query('select passages from passage_corpus')).rows[0].passages} passages`,
  );
  await compareSearch();
} finally {
  await Promise.all([owner.end(), app.end(), unpipelined.end()]);
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function load(users: readonly string[]): Promise<void> {
  await owner.query(`insert into users (id, role) select unnest($1::uuid[]), 'learner'`, [users]);
  await owner.query({
    text: `
      with made as (
        insert into ai_dialogue_log (user_id, session_id, query, response, model_used, citations, latency_ms, created_at)
        select
          ($1::uuid[])[1 + n % cardinality($1::uuid[])], gen_random_uuid(), md5(n::text), repeat(md5(n::text), 12), 'extractive',
          '[{"source": "a", "sourceType": "material", "excerpt": "b", "confidence": 0.9}]', 137,
          timestamptz '2026-03-07' + n * interval '7 seconds'
        from generate_series(1, $2::integer) as n
        returning id, created_at
      )
      insert into provenance (content_id, content_type, license_type, acquired_at) select id, 'ai_response', 'cc_by', created_at from made`,
    values: [users, rows],
    query_timeout: 600_000,
  } as { text: string });
  await owner.query('vacuum analyze');
}

async function ingestSamples(): Promise<void> {
  const store = createStoreContent(owner);
  for (let copy = 0; copy < copies; copy += 1) {
    const named: typeof store = (document) =>
      store({ ...document, sourceUri: `${document.sourceUri}#${copy}`, sha256: null as unknown as string });
    await ingest(['samples'], { metadata: {}, sourceBase: null }, { store: named, clock: () => performance.now() });
  }
  await owner.query('vacuum analyze');
}

/** Alternates, so that changes in machine load affect all of them. */
async function compareHistory(users: readonly string[]): Promise<void> {
  const of = (round: number) => ({ userId: users[(round * 7) % userCount] as string, limit: 50, before: null });
  await compare(
    {
      'owner, row-level security off': async (round) => {
        const client = await owner.connect();
        try {
          return (await listDialogues(client, of(round))).length;
        } finally {
          client.release();
        }
      },
      'rag_app, in asUser': async (round) =>
        (await asUser(app, of(round).userId, (client) => listDialogues(client, of(round)))).length,
      'rag_app, in asUser without a pipeline': async (round) =>
        (await asUser(unpipelined, of(round).userId, (client) => listDialogues(client, of(round)))).length,
    },
    async (on) => {
      for (const table of ['ai_dialogue_log', 'provenance'])
        await owner.query(`alter table ${table} ${on ? 'enable' : 'disable'} row level security`);
    },
  );
}

async function compareSearch(): Promise<void> {
  const questions = [
    'What is RAG?',
    '生成された回答の著作権は誰のものですか？',
    'What does CC BY allow?',
    '学習のコツは？',
  ];
  const searchOf = (pool: Pool) =>
    createRetrieve({ pool, remoteModel: false, commercialUse: false, now: () => new Date() });
  const requester = { userId: randomUUID(), role: 'learner', groups: [], country: null, ip: null };
  const ask = (retrieve: ReturnType<typeof searchOf>) => async (round: number) => {
    const query = questions[round % questions.length] as string;
    return (await retrieve({ query, history: [], requester, signal: new AbortController().signal })).passages.length;
  };
  await compare({ 'owner, row-level security off': ask(searchOf(owner)), rag_app: ask(searchOf(app)) }, async (on) => {
    await owner.query(`alter table provenance ${on ? 'enable' : 'disable'} row level security`);
  });
}

/** @param setSecurity turns row-level security on or off; the first variant runs without it */
async function compare(
  variants: Readonly<Record<string, (round: number) => Promise<number>>>,
  setSecurity: (on: boolean) => Promise<void>,
): Promise<void> {
  const names = Object.keys(variants);
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  const found = new Set<string>();
  for (let turn = 0; turn < 4; turn += 1) {
    for (const [index, name] of names.entries()) {
      await setSecurity(index > 0);
      // The change invalidates cached plans, and PostgreSQL settles on a plan after several runs.
      for (let round = 0; round < 20; round += 1) await variants[name]?.(round);
      let passages = 0;
      for (let round = 0; round < rounds / 4; round += 1) {
        const startedAt = performance.now();
        passages += (await variants[name]?.(round)) ?? 0;
        times.get(name)?.push(performance.now() - startedAt);
      }
      found.add(`${turn}: ${passages}`);
    }
  }
  await setSecurity(true);
  if (found.size !== 4) throw new Error(`the variants returned different rows: ${[...found].join(', ')}`);
  const base = quantile(times.get(names[0] as string) as number[], 0.5);
  for (const name of names) {
    const of = times.get(name) as number[];
    const [median, p95] = [quantile(of, 0.5), quantile(of, 0.95)];
    console.log(
      `${name.padEnd(40)} median ${median.toFixed(2)} ms, P95 ${p95.toFixed(2)} ms, ${(median / base).toFixed(2)}×`,
    );
  }
}
