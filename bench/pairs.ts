/**
 * Measures retrieval within and across languages, on manuals that exist in English and Japanese and that no weight was tuned on.
 * Without `--held-out` it prints the half of the questions that may be read while working on the ranking.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { questionWords } from '../services/chat/search/question-words.ts';
import { startEmbedded } from '../services/embedded-postgres/server.ts';
import { connect } from '../services/postgres/client/connect.ts';
import { createStoreContent } from '../services/postgres/content/store-content.ts';
import { migrate } from '../services/postgres/migrations/migrate.ts';
import { findPassages, type Searches } from '../services/postgres/search/find-passages.ts';
import { ingest } from '../services/sources/ingest/ingest.ts';
import { openBenchSearches } from './bench-searches.ts';
import { inTunedHalf } from './check-questions.ts';
import { fetchCorpus, type Manual } from './corpus.ts';
import { createPartReader, fold, type Part } from './labels.ts';
import { measure, type RankedResult } from './retrieval-metrics.ts';

type Language = 'en' | 'ja';
type Asked = Part & { readonly question: string };
/** One line of `bench/questions/pairs/*.jsonl`: the same paragraph of a page in both languages, with a question for each. */
type Pair = { readonly id: string; readonly page: string } & Readonly<Record<Language, Asked>>;

type Labels = Readonly<Record<Language, string>>;

const manuals: Readonly<Record<Language, readonly Manual[]>> = {
  en: [
    { package: 'aptitude-doc-en', folder: 'usr/share/doc/aptitude/html/en', keep: /^(?!index)\w+\.html$/ },
    {
      package: 'installation-guide-amd64',
      folder: 'usr/share/doc/installation-guide-amd64/en',
      keep: /^(?!index)\w+\.html$/,
    },
  ],
  ja: [
    { package: 'aptitude-doc-ja', folder: 'usr/share/doc/aptitude/html/ja', keep: /^(?!index)\w+\.html$/ },
    {
      package: 'installation-guide-amd64',
      folder: 'usr/share/doc/installation-guide-amd64/ja',
      keep: /^(?!index)\w+\.html$/,
    },
  ],
};
const directions: readonly (readonly [from: Language, to: Language])[] = [
  ['en', 'en'],
  ['ja', 'ja'],
  ['ja', 'en'],
  ['en', 'ja'],
];
const depth = 50;
const requester = { userId: '', role: 'learner', groups: [], ip: null, country: null };
const args = process.argv.slice(2);
const heldOut = args.includes('--held-out');
const cache = args.find((each) => !each.startsWith('--')) ?? join('.data', 'bench-pairs');

const pairs = (await readPairs()).filter(({ id }) => inTunedHalf(id) !== heldOut);
const server = await startEmbedded({ dataDir: join(cache, 'database'), log: (line) => console.error(line) });
const pool = connect(server.url, { name: 'bench', max: 4 });
try {
  await pool.query('drop schema if exists reporting cascade; drop schema public cascade; create schema public');
  await migrate(server.url);
  const folders = { en: await ingestLanguage('en'), ja: await ingestLanguage('ja') };
  await pool.query('vacuum analyze');
  await using opened = await openBenchSearches({ pool, cache });
  await compare(opened.searches, folders);
} finally {
  await pool.end();
  await server.stop();
}

async function readPairs(): Promise<readonly Pair[]> {
  const folder = join(import.meta.dirname, 'questions', 'pairs');
  const texts = await Promise.all((await readdir(folder)).sort().map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).map((line) => JSON.parse(line));
}

/** Returns the folder of the manuals. */
async function ingestLanguage(language: Language): Promise<string> {
  const folder = await fetchCorpus(cache, [...manuals[language]], `manuals-${language}`);
  const deps = { store: createStoreContent(pool), clock: () => performance.now() };
  const options = {
    metadata: { license: 'cc_by_sa' as const, language },
    sourceBase: `https://bench.example/${language}/`,
  };
  const report = await ingest([folder], options, deps);
  for (const { path, reason } of report.failed) console.error(`${path}: ${reason}`);
  console.log(`${language}: ${report.passages} passages of ${report.created} pages`);
  return folder;
}

/** Labels by pair and language. Pairs that lack one are left out, and their number is printed. */
async function readLabels(folders: Readonly<Record<Language, string>>): Promise<ReadonlyMap<Pair, Labels>> {
  const read = createPartReader();
  const label = (pair: Pair, language: Language) => {
    const manual = manuals[language].find((each) => each.package.startsWith(nameOf(pair)));
    return read(join(folders[language], manual?.package ?? '', pair.page), pair[language]);
  };
  const labels = new Map<Pair, Labels>();
  for (const pair of pairs) {
    const [en, ja] = [await label(pair, 'en'), await label(pair, 'ja')];
    if (en !== null && ja !== null) labels.set(pair, { en, ja });
  }
  const missing = pairs.length - labels.size;
  if (missing > 0) {
    console.log(
      `${missing} pairs are left out: the packages lack their paragraphs. bench/questions/README.md has the versions.`,
    );
  }
  return labels;
}

function nameOf({ id }: Pair): string {
  return id.replace(/-\d+$/, '');
}

async function compare(
  searches: Readonly<Record<string, Searches>>,
  folders: Readonly<Record<Language, string>>,
): Promise<void> {
  const labels = await readLabels(folders);
  const { rows } = await pool.query<{ id: string; uri: string; text: string }>(`
    select passage.id, source_uri as uri, text from passage join provenance using (content_id, content_type)`);
  const stored = rows.map(({ text, ...each }) => ({ ...each, folded: fold(text) }));
  console.log(`\n${heldOut ? 'held-out' : 'open'} half: ${labels.size} pairs of questions`);
  console.log('recall@5 / MRR@10 / recall@50, question → passage');
  console.log(''.padEnd(20) + directions.map(([from, to]) => `${from} → ${to}`.padStart(24)).join(''));
  for (const [name, each] of Object.entries({ ...searches, meaning: searches.both })) {
    if (each === undefined) continue;
    const cells: string[] = [];
    for (const [from, to] of directions) {
      const results: RankedResult[] = [];
      for (const [pair, label] of labels) results.push(await ask(pair, label[to], from, to, each, name !== 'meaning'));
      const { recall5, mrr10, recall50 } = measure(results);
      cells.push(`${percent(recall5)} / ${mrr10.toFixed(2)} / ${percent(recall50)}`.padStart(24));
    }
    console.log(name.padEnd(20) + cells.join(''));
  }

  async function ask(
    pair: Pair,
    label: string,
    from: Language,
    to: Language,
    each: Searches,
    byWords: boolean,
  ): Promise<RankedResult> {
    const { question } = pair[from];
    const name = nameOf(pair);
    const relevant = new Set(
      stored
        .filter(
          ({ uri, folded }) =>
            uri.includes(`/${to}/${name}`) && uri.endsWith(`/${pair.page}`) && folded.includes(label),
        )
        .map(({ id }) => id),
    );
    if (relevant.size === 0) console.error(`${pair.id}: no stored passage in ${to} contains the labelled text`);
    const filters = { sources: null, licenses: null, contentTypes: null, from: null, before: null, languages: [to] };
    const words = byWords ? questionWords(question, null) : [];
    const search = { query: question, words, requester, commercialUse: false, filters, now: new Date() };
    const { ranked } = await findPassages(pool, { ...search, signal: new AbortController().signal }, each);
    const hits = ranked.slice(0, depth).map(({ passage }) => relevant.has(passage.passageId));
    return { hits, relevant: relevant.size };
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
