/** Measures retrieval on Debian's manuals, compared with ts_rank and an in-memory BM25. */
import { join } from 'node:path';
import type { Pool } from 'pg';
import { gateAnswers } from '../services/chat/gate/gate-answers.ts';
import { questionWords } from '../services/chat/search/question-words.ts';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { generateExtractively } from '../services/llm/extractive.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { createStoreContent } from '../services/postgres/content/store-content.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { findPassages, type Searches, wordsOnly } from '../services/postgres/search/find-passages.ts';
import { createRetrieve } from '../services/postgres/search/retrieve-passages.ts';
import { ingest } from '../services/sources/ingest/ingest.ts';
import { type BenchSearches, openBenchSearches } from './bench-searches.ts';
import { createBm25 } from './bm25-in-memory.ts';
import { inTunedHalf, type Question, readQuestions } from './check-questions.ts';
import { fetchCorpus } from './corpus.ts';
import { fold } from './labels.ts';
import { measure, quantile, type RankedResult } from './retrieval-metrics.ts';
import { splitWords } from './split-words.ts';
import { createTsRank } from './ts-rank.ts';

type Stored = { readonly id: string; readonly uri: string; readonly words: string; readonly folded: string };
/** Returns the ids of passages, best first. */
type Method = (question: string) => Promise<readonly string[]>;

const args = process.argv.slice(2);
const reranked = args.includes('--reranked');
const meaning = reranked || args.includes('--meaning');
const cache = args.find((each) => !each.startsWith('--')) ?? join('.data', 'bench-corpus');
const limit = 10;
const depth = 50;
const now = () => new Date();
const requester = { userId: '', role: 'learner', groups: [], ip: null, country: null };

const corpus = await fetchCorpus(cache);
const questions = await readQuestions(corpus);
const server = await startEmbedded({ dataDir: join(cache, 'database'), log: (line) => console.error(line) });
const pool = connect(server.url, { name: 'bench', max: 4 });
try {
  await pool.query('drop schema if exists reporting cascade; drop schema public cascade; create schema public');
  await migrate(server.url);
  await ingestCorpus('https://bench.example/');
  await using opened = meaning ? await openBenchSearches({ pool, cache }) : null;
  const searches = chosen(opened?.searches ?? { words: wordsOnly });
  const stored = await readStored(pool);
  await compare(stored, searches);
  for (const [name, search] of Object.entries(searches)) await countRefusals(name, search);
  await measureLatencies(searches);
  await ingestCorpus('https://bench.example/again/');
  await opened?.embed();
  await measureLatencies(searches);
} finally {
  await pool.end();
  await server.stop();
}

type Chosen = Partial<BenchSearches['searches']> & { readonly words: Searches };

/** Reranking takes seconds a question on a processor, so it is measured only when asked for. */
function chosen({ 'both, reranked': slow, ...searches }: Chosen): Chosen {
  return reranked && slow ? { ...searches, 'both, reranked': slow } : searches;
}

async function ingestCorpus(sourceBase: string): Promise<void> {
  const deps = { store: createStoreContent(pool), clock: () => performance.now() };
  const report = await ingest([corpus], { metadata: { license: 'cc_by_sa' }, sourceBase }, deps);
  for (const { path, reason } of report.failed) console.error(`${path}: ${reason}`);
  console.log(
    `\n${report.passages} passages of ${report.created} pages read and stored in ${report.seconds.toFixed(1)} s`,
  );
  await pool.query('vacuum analyze');
}

async function compare(stored: readonly Stored[], searches: Chosen): Promise<void> {
  const bm25 = createBm25(stored.map(({ words }) => splitWords(words)));
  const tsRank = await createTsRank(
    pool,
    stored.map(({ id, words }) => ({ id, text: words })),
  );
  const methods: Record<string, Method> = {
    ts_rank: (question) => tsRank(question, depth),
    'BM25 in memory': async (question) =>
      bm25.search(splitWords(question), depth).flatMap(({ index }) => stored[index]?.id ?? []),
    words: rankedBy(searches.words),
    ...(searches.both && { meaning: rankedBy(searches.both, () => []), both: rankedBy(searches.both) }),
    ...(searches['both, reranked'] && { 'both, reranked': rankedBy(searches['both, reranked']) }),
  };
  const answerable = questions.filter(({ relevant }) => relevant.length > 0);
  const groups = groupsOf(answerable);
  console.log(
    `\nrecall@5 / MRR@10 / recall@50\n${row(
      '',
      Object.entries(groups).map(([name, of]) => `${name} (${of.length})`),
    )}`,
  );
  const relevant = new Map(answerable.map((question) => [question.id, relevantIds(question, stored)]));
  for (const [name, method] of Object.entries(methods)) {
    const results = new Map<string, RankedResult>();
    for (const { id, question } of answerable) {
      const answers = relevant.get(id) ?? new Set();
      results.set(id, { hits: (await method(question)).map((each) => answers.has(each)), relevant: answers.size });
    }
    const cells = Object.values(groups).map((of) => {
      const { recall5, mrr10, recall50 } = measure(of.flatMap(({ id }) => results.get(id) ?? []));
      return `${percent(recall5)} / ${mrr10.toFixed(2)} / ${percent(recall50)}`;
    });
    console.log(row(name, cells));
  }
}

function groupsOf(answerable: readonly Question[]): Record<string, readonly Question[]> {
  return {
    English: answerable.filter(({ language }) => language === 'en'),
    Japanese: answerable.filter(({ language }) => language === 'ja'),
    'tuned half': answerable.filter(({ id }) => inTunedHalf(id)),
    'held-out half': answerable.filter(({ id }) => !inTunedHalf(id)),
    all: answerable,
  };
}

async function countRefusals(name: string, searches: Searches): Promise<void> {
  const retrieve = createServed(searches);
  const groups = groupsOf(questions.filter(({ relevant }) => relevant.length > 0));
  const refused = new Set<string>();
  for (const { id, question } of questions) if ((await retrieve(question)).length === 0) refused.add(id);
  const share = (of: readonly Question[]) => percent(of.filter(({ id }) => refused.has(id)).length / of.length);
  const nothing = questions.filter(({ relevant }) => relevant.length === 0);
  console.log(`\nshare of refused questions: ${name}`);
  console.log(
    row(
      'answerable',
      Object.entries(groups).map(([, of]) => share(of)),
    ),
  );
  const cells = [
    nothing.filter(({ language }) => language === 'en'),
    nothing.filter(({ language }) => language === 'ja'),
    nothing.filter(({ id }) => inTunedHalf(id)),
    nothing.filter(({ id }) => !inTunedHalf(id)),
    nothing,
  ].map((of) => `${share(of)} of ${of.length}`);
  console.log(row('unanswerable', cells));
}

async function measureLatencies(all: Readonly<Record<string, Searches>>): Promise<void> {
  for (const [name, searches] of Object.entries(all)) await measureLatency(name, searches);
}

async function measureLatency(name: string, searches: Searches): Promise<void> {
  const searching = createRetrieve({ pool, remoteModel: false, commercialUse: false, now, searches });
  const { signal } = new AbortController();
  const retrieve = (query: string) => searching({ query, history: [], requester, signal });
  for (const { question } of questions) await retrieve(question);
  const times: number[] = [];
  for (const { question } of questions) {
    const start = performance.now();
    await retrieve(question);
    times.push(performance.now() - start);
  }
  const { rows } = await pool.query<{ passages: number }>('select passages from passage_corpus');
  console.log(
    `${name}: retrieval from ${rows[0]?.passages} passages, one question at a time: median ${quantile(times, 0.5).toFixed(1)} ms, ` +
      `P95 ${quantile(times, 0.95).toFixed(1)} ms`,
  );
}

/** Retrieves and refuses like the chat server without a model. */
function createServed(searches: Searches) {
  const retrieve = createRetrieve({ pool, remoteModel: false, commercialUse: false, now, limit, searches });
  const signal = new AbortController().signal;
  const generate = gateAnswers(generateExtractively);
  return async (query: string) => {
    const { passages, asked } = await retrieve({ query, history: [], requester, signal });
    const { text } = await generate({ query, history: [], passages, asked: asked ?? null, signal });
    return text === '' ? [] : passages;
  };
}

/** Retrieves in the same order, without deciding whether the passages answer the question. */
function rankedBy(searches: Searches, wordsOf = questionWords): Method {
  return async (query) => {
    const search = { query, words: wordsOf(query, null), requester, commercialUse: false, filters: null, now: now() };
    const { ranked } = await findPassages(pool, { ...search, signal: new AbortController().signal }, searches);
    return ranked.slice(0, depth).map(({ passage }) => passage.passageId);
  };
}

async function readStored(from: Pool): Promise<readonly Stored[]> {
  const { rows } = await from.query<{ id: string; uri: string; words: string; text: string }>(`
    select passage.id, source_uri as uri, concat_ws(' ', passage.title, heading, text) as words, text
    from passage join provenance using (content_id, content_type)
    order by source_uri, position`);
  return rows.map(({ text, ...each }) => ({ ...each, folded: fold(text) }));
}

function relevantIds({ id, relevant }: Question, stored: readonly Stored[]): Set<string> {
  const ids = relevant.flatMap(({ document, contains }) => {
    const text = fold(contains);
    return stored
      .filter(({ uri, folded }) => uri.endsWith(`/${document}`) && folded.includes(text))
      .map((one) => one.id);
  });
  if (ids.length === 0) console.error(`${id}: no stored passage contains a labelled text`);
  return new Set(ids);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(30) + cells.map((cell) => cell.padStart(24)).join('');
}
