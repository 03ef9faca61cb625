/** Measures how often answers without a model quote the labelled text. */
import { join } from 'node:path';
import { findMarks, withoutMarks } from '../services/chat/citations/marks.ts';
import { splitLines } from '../services/chat/citations/sentences.ts';
import type { Generate } from '../services/chat/generate.ts';
import type { RetrievedPassage } from '../services/chat/retrieve.ts';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { generateExtractively } from '../services/llm/extractive.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { createStoreContent } from '../services/postgres/content/store-content.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { createRetrieve } from '../services/postgres/search/retrieve-passages.ts';
import { ingest } from '../services/sources/ingest/ingest.ts';
import { inTunedHalf, type Question, readQuestions } from './check-questions.ts';
import { fetchCorpus } from './corpus.ts';
import { fold } from './labels.ts';
import { quantile } from './retrieval-metrics.ts';

type RetrievedQuestion = Question & { readonly passages: readonly RetrievedPassage[] };
/** Returns the sentences of an answer. */
type Answerer = (question: RetrievedQuestion) => Promise<readonly string[]>;

const cache = process.argv[2] ?? join('.data', 'bench-corpus');
// Optionally another version of services/llm/extractive.ts, to compare both in one run.
const other = process.argv[3];
const signal = new AbortController().signal;

const questions = await retrieveAll();
const answerers: Record<string, Answerer> = {
  'first 3 sentences of the best passage': async ({ passages }) => sentences(passages[0]?.text ?? '').slice(0, 3),
  'the whole best passage': async ({ passages }) => sentences(passages[0]?.text ?? ''),
  'all eight passages': async ({ passages }) => passages.flatMap(({ text }) => sentences(text)),
  ...(other === undefined
    ? {}
    : { [other]: extractive((await import(join(process.cwd(), other))).generateExtractively) }),
  'this version': extractive(generateExtractively),
};
const groups: Record<string, readonly RetrievedQuestion[]> = {
  English: questions.filter(({ language }) => language === 'en'),
  Japanese: questions.filter(({ language }) => language === 'ja'),
  'tuned half': questions.filter(({ id }) => inTunedHalf(id)),
  'held-out half': questions.filter(({ id }) => !inTunedHalf(id)),
  all: questions,
};
console.log('share of answers that quote the labelled text');
console.log(
  row('', [...Object.entries(groups).map(([name, of]) => `${name} (${of.length})`), 'sentences', 'characters']),
);
for (const [name, answer] of Object.entries(answerers)) {
  const answers = new Map<RetrievedQuestion, readonly string[]>();
  for (const one of questions) answers.set(one, await answer(one));
  const share = (of: readonly RetrievedQuestion[]) =>
    of.filter((one) => quotes(one, answers.get(one) ?? [])).length / of.length;
  const median = (size: (answer: readonly string[]) => number) => quantile([...answers.values()].map(size), 0.5);
  console.log(
    row(name, [
      ...Object.values(groups).map((of) => `${(100 * share(of)).toFixed(1)} %`),
      `${median((found) => found.length)}`,
      `${median((found) => found.join('').length)}`,
    ]),
  );
}
await measureTime();

/** Retrieves passages for every answerable question, as the service does. */
async function retrieveAll(): Promise<readonly RetrievedQuestion[]> {
  const corpus = await fetchCorpus(cache);
  const server = await startEmbedded({ dataDir: join(cache, 'answers'), log: (line) => console.error(line) });
  const pool = connect(server.url, { name: 'bench', max: 4 });
  try {
    await pool.query('drop schema if exists reporting cascade; drop schema public cascade; create schema public');
    await migrate(server.url);
    const deps = { store: createStoreContent(pool), clock: () => performance.now() };
    await ingest([corpus], { metadata: { license: 'cc_by_sa' }, sourceBase: 'https://bench.example/' }, deps);
    await pool.query('vacuum analyze');
    const retrieve = createRetrieve({ pool, remoteModel: false, commercialUse: false, now: () => new Date() });
    const requester = { userId: '', role: 'learner', groups: [], ip: null, country: null };
    const found: RetrievedQuestion[] = [];
    for (const question of (await readQuestions(corpus)).filter(({ relevant }) => relevant.length > 0)) {
      const { passages } = await retrieve({ query: question.question, history: [], requester, signal });
      found.push({ ...question, passages });
    }
    return found;
  } finally {
    await pool.end();
    await server.stop();
  }
}

function extractive(generate: Generate): Answerer {
  return async ({ question, passages }) => {
    const quoted: string[] = [];
    await generate({
      query: question,
      history: [],
      passages,
      signal,
      onDelta: (text) => quoted.push(unmarked(text)),
    });
    return quoted;
  };
}

function sentences(text: string): readonly string[] {
  return splitLines(text).map(({ start, end }) => unmarked(text.slice(start, end)));
}

function quotes({ relevant }: RetrievedQuestion, answer: readonly string[]): boolean {
  const text = bare(answer.join(''));
  return relevant.some(({ contains }) => text.includes(bare(contains)));
}

function unmarked(text: string): string {
  return withoutMarks(text, findMarks(text, { count: 99, texts: [] }));
}

/** Removes white space, because joined sentences have different spaces between them. */
function bare(text: string): string {
  return fold(unmarked(text)).replaceAll(' ', '');
}

async function measureTime(): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (const { question, passages } of questions.filter((one) => one.passages.length === 8)) {
      const start = performance.now();
      await generateExtractively({ query: question, history: [], passages, signal });
      if (round > 0) times.push(performance.now() - start);
    }
  }
  console.log(
    `time of an answer from eight passages: median ${quantile(times, 0.5).toFixed(1)} ms, P95 ${quantile(times, 0.95).toFixed(1)} ms`,
  );
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(34) + cells.map((cell) => cell.padStart(20)).join('');
}
