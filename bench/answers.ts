/** Measures the answers given without a model: how often they quote the sentence that a labelled question asks for. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { withoutMarks } from '../services/chat/citations/marks.ts';
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
import { fold, type Question, readQuestions } from './check-questions.ts';
import { fetchCorpus } from './corpus.ts';
import { quantile } from './retrieval-measures.ts';

type Asked = Question & { readonly passages: readonly RetrievedPassage[] };
/** Gives the sentences of an answer. */
type Answerer = (asked: Asked) => Promise<readonly string[]>;

const cache = process.argv[2] ?? join('.data', 'bench-corpus');
// Another version of services/llm/extractive.ts to be measured in the same run, for instance that of an older checkout.
const other = process.argv[3];
const signal = new AbortController().signal;

const asked = await askAll();
const answerers: Record<string, Answerer> = {
  'first three of the best passage': async ({ passages }) => sentences(passages[0]?.text ?? '').slice(0, 3),
  'all of the best passage': async ({ passages }) => sentences(passages[0]?.text ?? ''),
  'all of the eight passages': async ({ passages }) => passages.flatMap(({ text }) => sentences(text)),
  ...(other === undefined
    ? {}
    : { [other]: extractive((await import(join(process.cwd(), other))).generateExtractively) }),
  ours: extractive(generateExtractively),
};
const groups: Record<string, readonly Asked[]> = {
  English: asked.filter(({ language }) => language === 'en'),
  Japanese: asked.filter(({ language }) => language === 'ja'),
  'tuned half': asked.filter(({ id }) => inTunedHalf(id)),
  'held-out half': asked.filter(({ id }) => !inTunedHalf(id)),
  all: asked,
};
console.log('answers that quote what was asked for');
console.log(
  row('', [...Object.entries(groups).map(([name, of]) => `${name} (${of.length})`), 'sentences', 'characters']),
);
for (const [name, answer] of Object.entries(answerers)) {
  const answers = new Map<Asked, readonly string[]>();
  for (const one of asked) answers.set(one, await answer(one));
  const share = (of: readonly Asked[]) => of.filter((one) => quotes(one, answers.get(one) ?? [])).length / of.length;
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

/** Every answerable question with the passages that the service would answer from. */
async function askAll(): Promise<readonly Asked[]> {
  const corpus = await fetchCorpus(cache);
  const server = await startEmbedded({ dataDir: join(cache, 'answers'), log: (line) => console.error(line) });
  const pool = connect(server.url, { name: 'bench', max: 4 });
  try {
    await pool.query('drop schema public cascade; create schema public');
    await migrate(server.url);
    const given = { store: createStoreContent(pool), clock: () => performance.now() };
    await ingest([corpus], { metadata: { license: 'cc_by_sa' }, sourceBase: 'https://bench.example/' }, given);
    await pool.query('vacuum analyze');
    const retrieve = createRetrieve({ pool, remoteModel: false, commercialUse: false, now: () => new Date() });
    const asker = { userId: '', role: 'learner', groups: [], ip: null, country: null };
    const found: Asked[] = [];
    for (const question of (await readQuestions()).filter(({ relevant }) => relevant.length > 0)) {
      const { passages } = await retrieve({ query: question.question, history: [], asker, signal });
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
      onDelta: (text) => quoted.push(withoutMarks(text)),
    });
    return quoted;
  };
}

function sentences(text: string): readonly string[] {
  return splitLines(text).map(({ start, end }) => withoutMarks(text.slice(start, end)));
}

function quotes({ relevant }: Asked, answer: readonly string[]): boolean {
  const text = bare(answer.join(''));
  return relevant.some(({ contains }) => text.includes(bare(contains)));
}

/** Without white space, since sentences are put together again with other spaces between them. */
function bare(text: string): string {
  return fold(withoutMarks(text)).replaceAll(' ', '');
}

async function measureTime(): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (const { question, passages } of asked.filter((one) => one.passages.length === 8)) {
      const start = performance.now();
      await generateExtractively({ query: question, history: [], passages, signal });
      if (round > 0) times.push(performance.now() - start);
    }
  }
  console.log(
    `an answer from eight passages takes ${quantile(times, 0.5).toFixed(1)} ms (median), ${quantile(times, 0.95).toFixed(1)} ms (p95)`,
  );
}

/** Decided by the id alone, so that a question never changes sides; the same sides as in the retrieval benchmark. */
function inTunedHalf(id: string): boolean {
  return (createHash('sha256').update(id).digest()[0] ?? 0) % 2 === 0;
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(34) + cells.map((cell) => cell.padStart(20)).join('');
}
